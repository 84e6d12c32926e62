import { type Abortable, TransferError } from "@naru/core";
import type { BinItemRow } from "../database/tables/files.ts";
import type { Bin } from "./bin.ts";
import type { BinPageOptions } from "./bin-items.ts";
import type { Caller } from "./file-events.ts";
import type { Rights } from "./rights.ts";

export interface BinPage {
  readonly items: readonly BinItemRow[];
  readonly cursor?: string | undefined;
}

/** The bin as one caller sees it. */
export interface AccountBin {
  /** @throws {TransferError} `not-found`; `unsupported` where there is no bin; `conflict` */
  put(path: string, options: Abortable & { readonly entry: BinItemRow["entry"] }): Promise<BinItemRow>;
  list(options: BinPageOptions): Promise<BinPage>;
  /** Restore an item; its path. @throws {TransferError} `not-found` */
  restore(
    id: string,
    options: Abortable & { readonly to?: string | undefined },
  ): Promise<BinItemRow & { readonly to: string }>;
  /** Remove an item for good. @throws {TransferError} `not-found` */
  remove(id: string): Promise<void>;
  /** Remove for good all that this caller may. */
  empty(): Promise<void>;
}

const pageSize = 1000;

export function accountBin(bin: Bin, by: Caller): AccountBin {
  return {
    put: (path, options) => bin.put(path, { ...options, by }),
    list: (options) => bin.list(options),
    restore: (id, options) => bin.restore(id, { ...options, by }),
    remove: async (id) => {
      await bin.item(id);
      await bin.remove([id]);
    },
    empty: () => emptyOf(bin),
  };
}

/** The bin of a caller whose rights are asked: where an item was is where it may be seen, restored and removed. */
export function rightsBin(bin: AccountBin, rights: Rights): AccountBin {
  const shown = (item: BinItemRow): boolean => rights.may("list", nameOf(item));
  async function find(id: string): Promise<BinItemRow> {
    for await (const item of itemsOf(bin)) if (item.id === id && shown(item)) return item;
    throw new TransferError("not-found", `Cannot find "${id}": it is not in the bin`);
  }
  return {
    put: async (path, options) => {
      rights.check("remove", options.entry === "folder" ? `${path}/` : path, "remove");
      return bin.put(path, options);
    },
    // All that may be seen, as one page: where a page ends would tell of what may not.
    list: async () => {
      const items: BinItemRow[] = [];
      for await (const item of itemsOf(bin)) if (shown(item)) items.push(item);
      return { items };
    },
    restore: async (id, options) => {
      const item = await find(id);
      const { entry, path } = item;
      rights.check("write", nameOf({ entry, path: options.to ?? path }), "restore");
      return bin.restore(id, options);
    },
    remove: async (id) => {
      rights.check("remove", nameOf(await find(id)), "remove");
      return bin.remove(id);
    },
    empty: async () => {
      for await (const item of itemsOf(bin)) {
        if (shown(item) && rights.may("remove", nameOf(item))) await bin.remove(item.id);
      }
    },
  };
}

async function* itemsOf(bin: Pick<AccountBin, "list">): AsyncGenerator<BinItemRow> {
  let cursor: string | undefined;
  do {
    const page: BinPage = await bin.list({ cursor, limit: pageSize });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

function nameOf({ entry, path }: Pick<BinItemRow, "entry" | "path">): string {
  return entry === "folder" ? `${path}/` : path;
}

async function emptyOf(bin: Bin): Promise<void> {
  const ids: string[] = [];
  for await (const { id } of itemsOf(bin)) ids.push(id);
  await bin.remove(ids);
}
