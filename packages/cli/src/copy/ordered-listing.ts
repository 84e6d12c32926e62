/** All that lies below a prefix, in the order of keys, page by page: the next one is asked for while this one is used. */

import type { Abortable, FilePage, Files, StoredFile } from "@naru/core";
import { TransferError } from "@naru/core";

/** A file, or a folder that is kept though nothing may be in it. The path is relative to the prefix; a folder's ends with `/`. */
export interface Listed {
  readonly path: string;
  readonly file: StoredFile | undefined;
}

/** @throws {TransferError} `unsupported` where a listing is in no order */
export async function* orderedListing(
  files: Files,
  prefix: string,
  { signal }: Abortable,
): AsyncGenerator<Listed, void, undefined> {
  const ask = (cursor?: string): Promise<FilePage> => {
    const page = files.list({ prefix, cursor, markers: true, signal });
    // Whoever stops asking for more does not wait for it.
    page.catch(() => undefined);
    return page;
  };
  let asked: Promise<FilePage> | undefined = ask();
  let last = "";
  while (asked !== undefined) {
    const page: FilePage = await asked;
    asked = page.cursor === undefined ? undefined : ask(page.cursor);
    for (const one of listedIn(page, prefix)) {
      if (compareKeys(one.path, last) < 0) throw new OutOfOrder(prefix);
      last = one.path;
      yield one;
    }
  }
}

function listedIn({ files, folders }: FilePage, prefix: string): readonly Listed[] {
  const listed: Listed[] = files.map((file) => ({ path: file.path.slice(prefix.length), file }));
  const marked = folders.filter((path) => path.length > prefix.length);
  if (marked.length === 0) return listed;
  for (const path of marked) listed.push({ path: path.slice(prefix.length), file: undefined });
  return listed.sort((a, b) => compareKeys(a.path, b.path));
}

/** A listing turned out not to be in the order of keys. */
export class OutOfOrder extends TransferError {
  constructor(prefix: string) {
    super("unsupported", `Cannot compare "${prefix}": the store does not list it in the order of keys`);
  }
}

/** Compare as the bytes of UTF-8 do: surrogates stand for what comes after all other characters. */
export function compareKeys(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  for (let at = 0; at < shorter; at += 1) {
    const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (a !== b) return rank(a) - rank(b);
  }
  return one.length - other.length;
}

function rank(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
}
