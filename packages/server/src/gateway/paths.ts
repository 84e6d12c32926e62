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
