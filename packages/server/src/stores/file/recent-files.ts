import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import type { StoredFile } from "@naru/core";

/** Which file on the disk it is, and in which state. */
export interface RecentState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
}

/** Where a file is, as it was found a while ago. */
export interface RecentFile {
  readonly place: string;
  readonly state: RecentState;
  readonly size: number;
}

const kept = 4096;

/** Files that were listed or looked up, so that one that is read next need not be looked for again. */
export class RecentFiles {
  readonly #files = new Map<string, RecentFile & { readonly etag: string }>();

  note({
    place,
    state,
    file,
  }: {
    readonly place: string;
    readonly state: BigIntStats;
    readonly file: StoredFile;
  }): void {
    const { size, mtimeNs, ino, dev } = state;
    this.#files.delete(file.path);
    this.#files.set(file.path, { place, state: { size, mtimeNs, ino, dev }, size: file.size, etag: file.etag });
    const [oldest] = this.#files.keys();
    if (this.#files.size > kept && oldest !== undefined) this.#files.delete(oldest);
  }

  /** The file that had this etag, if it still stands there, unchanged. */
  async look(path: string, etag: string): Promise<RecentFile | undefined> {
    const found = this.#files.get(path);
    if (found?.etag !== etag) return undefined;
    const state = await lstat(found.place, { bigint: true }).catch(() => undefined);
    return state !== undefined && isSame(state, found.state) ? found : undefined;
  }
}

/** Whether it is the very file, in the same state. */
export function isSame(one: Pick<RecentState, "size" | "mtimeNs"> & Partial<RecentState>, other: RecentState): boolean {
  const { size, mtimeNs, ino = other.ino, dev = other.dev } = one;
  return size === other.size && mtimeNs === other.mtimeNs && ino === other.ino && dev === other.dev;
}
