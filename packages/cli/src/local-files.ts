/** The files that `put` was asked to send, with folders walked. */

import { filesIn } from "@naru/client/node";
import { TransferError } from "@naru/core";

export interface LocalFile {
  readonly file: string;
  /** Where it will be at the server. */
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

export interface LocalFiles {
  readonly files: readonly LocalFile[];
  /** Where folders without anything in them will be at the server. */
  readonly emptyFolders: readonly string[];
  /** Why others that were found are not sent. */
  readonly refused: readonly TransferError[];
}

export interface Placing {
  /** The folder at the server. A folder that is sent keeps its own name in it. */
  readonly to: string;
  /** Whether the server gives another name to what meets its own. */
  readonly renames: boolean;
}

/** Find every file under `names`, each once. Where two would become one at the server, the first has the name. */
export async function localFiles(names: readonly string[], { to, renames }: Placing): Promise<LocalFiles> {
  const folder = to === "" || to.endsWith("/") ? to : `${to}/`;
  const found = await filesIn(names, { emptyFoldersToo: true });
  const refused = [...found.refused];
  const files: LocalFile[] = [];
  const seen = new Set<string>();
  const byPath = new Map<string, string>();
  for (const { file, path: inside, size, modifiedMs } of found.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    if (seen.has(file)) continue;
    seen.add(file);
    const path = `${folder}${inside}`.normalize("NFC");
    const first = byPath.get(path);
    if (first !== undefined && !renames) {
      const why = `"${first}" goes to "${path}" too; send it to another folder, or use --conflict rename`;
      refused.push(new TransferError("conflict", `Cannot send "${file}": ${why}`));
      continue;
    }
    byPath.set(path, file);
    files.push({ file, path, size, modifiedMs });
  }
  const emptyFolders = found.emptyFolders.map((path) => `${folder}${path}`.normalize("NFC"));
  return { files, emptyFolders: [...new Set(emptyFolders)], refused };
}
