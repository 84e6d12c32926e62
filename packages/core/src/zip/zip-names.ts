/**
 * Names in an archive: composed (NFC), safe to unpack anywhere, and each only once.
 *
 * @module
 */

import { renamed } from "../path.ts";

/**
 * Gives names. Name folders before files: where a file and a folder have the same name, as in a bucket they may, it is the file
 * that gets another.
 */
export class ZipNames {
  readonly #taken = new Set<string>();

  /** A file's name from its path in the archive; when it is taken, with a number. */
  file(path: string): string {
    const name = safe(path);
    let free = name;
    for (let n = 2; this.#taken.has(free) || this.#taken.has(`${free}/`); n++) free = renamed(name, n);
    this.#taken.add(free);
    return free;
  }

  /** A folder's name, with its final `/`; `undefined` if it is there. */
  folder(path: string): string | undefined {
    const name = `${safe(path.replace(/\/$/u, ""))}/`;
    if (this.#taken.has(name)) return undefined;
    this.#taken.add(name);
    return name;
  }
}

/** What other programs have named may climb out of a folder, or mean another place on Windows. */
function safe(path: string): string {
  if (!/\p{Cc}|[\\:]|(?:^|\/)(?:\.{0,2}(?:\/|$))/u.test(path)) return path.normalize("NFC");
  const names = path.normalize("NFC").split("/").map(safeName);
  return names.join("/");
}

function safeName(name: string, index: number): string {
  const plain = name.replaceAll(/\p{Cc}|\\/gu, "_");
  if (/^\.{0,2}$/u.test(plain)) return "_";
  return index === 0 ? plain.replace(/^([a-z]):/iu, "$1_") : plain;
}
