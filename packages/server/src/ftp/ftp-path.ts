/**
 * Paths as FTP clients write them: absolute, or from the working folder, with `.` and `..` in them.
 *
 * @module
 */

/** Find what `argument` means in `folder`: an absolute path, spelled as it came, without a slash at its end. `..` ends at the root. */
export function resolvePath(folder: string, argument: string): string {
  const whole = argument.startsWith("/") ? argument : `${folder}/${argument}`;
  const kept: string[] = [];
  for (const segment of whole.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}`;
}

/** The last name of an absolute path; the root's is `/`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || "/";
}

/** Spell a path for a reply that quotes it (RFC 959, appendix II): quotes in it are doubled. */
export function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
