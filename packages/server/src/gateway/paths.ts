/** The names of an absolute path, as they came, without the ways there are to write it; the root is `""`. */
export function plainPath(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
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
