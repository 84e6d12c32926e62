/** Permission to read a kept file, or to write in a kept folder: Chromium has it; others read what they gave without asking. */

type Mode = { readonly mode: "read" | "readwrite" };

interface Permitting {
  queryPermission?(options: Mode): Promise<PermissionState>;
  requestPermission?(options: Mode): Promise<PermissionState>;
}

/** Look whether the file may be read now. Works in workers. */
export async function permissionOf(handle: FileSystemHandle & Permitting): Promise<PermissionState> {
  return (await handle.queryPermission?.(modeFor(handle))) ?? "granted";
}

/** Ask the user; call it from a click, in the page. */
export async function askPermission(handle: FileSystemHandle & Permitting): Promise<PermissionState> {
  return (await handle.requestPermission?.(modeFor(handle))) ?? "granted";
}

/** Files are read, folders are written to. */
function modeFor({ kind }: FileSystemHandle): Mode {
  return { mode: kind === "directory" ? "readwrite" : "read" };
}
