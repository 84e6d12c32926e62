import { normalizePath } from "@naru/core";

/** The file that an absolute path names; the root is `""`. @throws {TransferError} `invalid` if it names none */
export function keyOf(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.length === 0 ? "" : normalizePath(names.join("/"));
}

/** What a folder's files begin with. */
export function prefixOf(folder: string): string {
  return folder === "" ? "" : `${folder}/`;
}

/** The folder that a file or folder lies in; the root is `""`. */
export function parentOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf("/")));
}

/**
 * The name that a client will give the file in the end, when `name` is a temporary one: WinSCP's `x.filepart`, rclone's
 * `x.1a2b3c4d.partial`, and `x.partial`.
 */
export function finalName(name: string): string | undefined {
  const patterns = [/^(.*[^/])\.filepart$/u, /^(.*[^/])\.[0-9a-f]{8}\.partial$/u, /^(.*[^/])\.partial$/u];
  return patterns.map((pattern) => pattern.exec(name)?.[1]).find((found) => found !== undefined);
}

/** Whether a client can open what the store calls `key`: other programs may have given it a name that is refused here. */
export function isNameable(key: string): boolean {
  try {
    return keyOf(`/${key}`) === key;
  } catch {
    return false;
  }
}
