import type { FilesApi, NaruApi } from "@naru/client";
import { isTransferError, type WireBinItem } from "@naru/core";
import type { Entry } from "./entry.ts";

/** How many are put into the bin, or taken out of it, at once. */
const concurrency = 4;

/** What became of entries that were put into the bin. */
export interface Binned {
  readonly items: readonly WireBinItem[];
  readonly entries: readonly Entry[];
  readonly failed: readonly { readonly entry: Entry; readonly error: unknown }[];
}

/** For how many days the bin keeps what is removed from a place; 0 where there is no bin. */
export async function binDaysOf(api: NaruApi, entries: readonly Entry[]): Promise<number> {
  const { bins = [] } = (await api.session({ probe: false })).store;
  const days = entries.map(({ path }) => {
    const at = bins.filter(({ prefix }) => path.startsWith(prefix)).sort((a, b) => b.prefix.length - a.prefix.length);
    return at[0]?.days ?? 0;
  });
  return Math.min(...days);
}

/** Put entries into the bin. What is gone already is as good as put there. */
export async function putIntoBin(files: FilesApi, entries: readonly Entry[]): Promise<Binned> {
  const items: WireBinItem[] = [];
  const gone: Entry[] = [];
  const failed: Binned["failed"][number][] = [];
  await forEach(entries, async (entry) => {
    try {
      items.push(await files.bin(entry.path));
      gone.push(entry);
    } catch (error) {
      if (isTransferError(error) && error.code === "not-found") gone.push(entry);
      else failed.push({ entry, error });
    }
  });
  return { items, entries: gone, failed };
}

/** Take items out of the bin again: gives the paths that they have then; false where some could not be restored. */
export async function restoreItems(
  files: FilesApi,
  items: readonly WireBinItem[],
): Promise<{ readonly paths: readonly string[]; readonly isWhole: boolean }> {
  const paths: string[] = [];
  let isWhole = true;
  await forEach(items, async (item) => {
    try {
      paths.push(await files.restore(item));
    } catch {
      isWhole = false;
    }
  });
  return { paths, isWhole };
}

async function forEach<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  const worker = async (): Promise<void> => {
    for (const one of queue) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, all.length) }, worker));
}
