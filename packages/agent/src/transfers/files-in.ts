/** Files and folders of this computer as they are named by its user. */

import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { TransferError } from "@naru/core";

interface NamedFile {
  readonly file: string;
  /** Its path below the destination's folder. */
  readonly path: string;
}

/** List the files that `names` name, and those in the folders that they name. @throws {TransferError} `not-found` */
export async function filesIn(names: readonly string[]): Promise<readonly NamedFile[]> {
  const found: { file: string; path: string }[] = [];
  for (const name of names) {
    const file = resolve(name);
    const facts = await stat(file).catch((cause: unknown) => {
      throw new TransferError("not-found", `Cannot send "${name}": there is no such file`, { cause });
    });
    if (!facts.isDirectory()) {
      found.push({ file, path: basename(file) });
      continue;
    }
    for (const entry of await readdir(file, { recursive: true, withFileTypes: true })) {
      const inside = join(entry.parentPath, entry.name);
      const path = [basename(file), ...relative(file, inside).split(sep)].join("/");
      if (entry.isFile()) found.push({ file: inside, path });
    }
  }
  return found;
}
