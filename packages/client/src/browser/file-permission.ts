/** Permission to read a kept file handle: Chromium has it; others read what they gave without asking. */

interface Permitting {
  queryPermission?(options: { mode: "read" }): Promise<PermissionState>;
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

/** Look whether the file may be read now. Works in workers. */
export async function permissionOf(handle: FileSystemFileHandle & Permitting): Promise<PermissionState> {
  return (await handle.queryPermission?.({ mode: "read" })) ?? "granted";
}

/** Ask the user; call it from a click, in the page. */
export async function askPermission(handle: FileSystemFileHandle & Permitting): Promise<PermissionState> {
  return (await handle.requestPermission?.({ mode: "read" })) ?? "granted";
}
