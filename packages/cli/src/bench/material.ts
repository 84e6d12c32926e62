/** The files that are sent: random, so that nothing on the way makes them smaller. They go when it is over. */

import { randomFillSync } from "node:crypto";
import { mkdir, mkdtemp, open, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MiB, TransferError } from "@naru/core";
import type { LocalFile } from "../local-files.ts";
import { sizeText } from "../progress-line.ts";

export interface Material extends AsyncDisposable {
  /** The folder of what is fetched, and of whatever else is wanted for a while. */
  readonly folder: string;
  /** So many files of a size; their paths are their names. Asked for again, they are the same. */
  files(of: { readonly files: number; readonly size: number }): Promise<readonly LocalFile[]>;
}

/** Make a folder for so many bytes. @throws {TransferError} `no-space` when its disk has not that much room */
export async function openMaterial(bytes: number, temporary: string = tmpdir()): Promise<Material> {
  const { bavail, bsize } = await statfs(temporary);
  if (bavail * bsize < bytes) {
    const room = `${sizeText(bavail * bsize)} of ${sizeText(bytes)}`;
    throw new TransferError(
      "no-space",
      `Cannot make the files in "${temporary}": it has ${room}; set TMPDIR to a larger disk`,
    );
  }
  const folder = await mkdtemp(join(temporary, "naru-bench-"));
  const made = new Map<string, readonly LocalFile[]>();
  return {
    folder,
    files: async ({ files, size }) => {
      const key = `${files}x${size}`;
      const all = made.get(key) ?? (await makeFiles(join(folder, key), files, size));
      made.set(key, all);
      return all;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function makeFiles(folder: string, count: number, size: number): Promise<readonly LocalFile[]> {
  await mkdir(folder, { recursive: true });
  const files: LocalFile[] = [];
  for (let number = 1; number <= count; number += 1) {
    const name = `${String(number).padStart(String(count).length, "0")}.bin`;
    const file = join(folder, name);
    await writeRandom(file, size);
    files.push({ file, path: name, size, modifiedMs: Math.trunc((await stat(file)).mtimeMs) });
  }
  return files;
}

async function writeRandom(file: string, size: number): Promise<void> {
  const block = Buffer.allocUnsafe(Math.min(size, 4 * MiB));
  const handle = await open(file, "w", 0o600);
  try {
    for (let at = 0; at < size; at += block.length) {
      const chunk = block.subarray(0, Math.min(block.length, size - at));
      await handle.write(randomFillSync(chunk), 0, chunk.length, at);
    }
    // What is measured is not the disk that still writes.
    await handle.sync();
  } finally {
    await handle.close();
  }
}
