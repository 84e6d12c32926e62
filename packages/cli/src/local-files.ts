/** The files that `put` was asked to send, with folders walked. */

import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { TransferError } from "@naru/core";

export interface LocalFile {
  readonly file: string;
  /** Where it will be at the server. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Find every file under `names`. A folder keeps its own name at the server. @throws {TransferError} `not-found` */
export async function localFiles(names: readonly string[], to: string): Promise<readonly LocalFile[]> {
  const folder = to === "" || to.endsWith("/") ? to : `${to}/`;
  const found: LocalFile[] = [];
  for (const name of names) {
    const path = resolve(name);
    const facts = await stat(path).catch((cause: unknown) => {
      throw new TransferError("not-found", `Cannot put "${name}": there is no such file`, { cause });
    });
    if (facts.isDirectory()) found.push(...(await walk(path, `${folder}${basename(path)}/`)));
    else found.push(localFile(path, `${folder}${basename(path)}`, facts));
  }
  return found;
}

async function walk(root: string, to: string): Promise<readonly LocalFile[]> {
  const found: LocalFile[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const inside = relative(root, file).split(sep).join("/");
    found.push(localFile(file, `${to}${inside}`, await stat(file)));
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function localFile(file: string, path: string, { size, mtimeMs }: { size: number; mtimeMs: number }): LocalFile {
  return { file, path: path.normalize("NFC"), size, modifiedMs: Math.trunc(mtimeMs) };
}
