/** Where the examination of a folder writes: one folder inside the store's own, which is gone at its end. */

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FolderSubject } from "../../examined-store.ts";
import { isMarker, markerName, markerText, usualStaleMs } from "../marker.ts";

const ownName = /^doctor-[0-9a-f]{16}$/;

export class FolderWorkspace {
  readonly #now: () => number;
  readonly folder: string;

  constructor({ hidden, now }: FolderSubject) {
    this.#now = now;
    this.folder = join(hidden, `doctor-${randomBytes(8).toString("hex")}`);
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Make the folder, with its marker written through to the disk. */
  async begin(): Promise<void> {
    await mkdir(this.folder);
    await using marker = await open(this.path(markerName), "wx");
    await marker.writeFile(markerText(this.#now()));
    await marker.sync();
  }

  async clean(): Promise<boolean> {
    await removeAll(this.folder);
    return true;
  }

  /** Remove what examinations left that were killed long ago. */
  static async cleanOld({ hidden, now }: FolderSubject, staleMs: number = usualStaleMs): Promise<void> {
    for (const name of (await readdir(hidden)).filter((one) => ownName.test(one))) {
      const marker = join(hidden, name, markerName);
      const text = await readFile(marker, "utf8").catch(() => "");
      if (isMarker(text) && now() - (await stat(marker)).mtimeMs >= staleMs) await removeAll(join(hidden, name));
    }
  }
}

/** The marker last: what is removed by half is still known as ours. */
async function removeAll(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one !== markerName)) await rm(join(folder, name), { recursive: true });
  await rm(folder, { recursive: true, force: true });
}
