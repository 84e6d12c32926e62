import { type Abortable, TransferError } from "@naru/core";
import type { BinItemRow } from "../database/tables/files.ts";
import { mapPool } from "../pool.ts";
import type { BinItems, BinPageOptions } from "./bin-items.ts";
import { newBinPath } from "./bin-path.ts";
import type { ChangesOptions } from "./changes-options.ts";
import type { FileChanges } from "./file-changes.ts";
import type { Caller } from "./file-events.ts";
import type { FolderChanges } from "./folder-changes.ts";
import { contentOf } from "./folder-content.ts";
import type { FolderMoves } from "./folder-moves.ts";
import type { PathClaims } from "./path-claims.ts";

export interface BinOptions extends ChangesOptions {
  readonly claims: PathClaims;
  readonly files: FileChanges;
  readonly folders: FolderChanges;
  readonly moves: FolderMoves;
}

interface By extends Abortable {
  readonly by: Caller;
}

export interface RestoreOptions extends By {
  /** Where it will be; by default where it was. */
  readonly to?: string | undefined;
}

const itemsAtOnce = 100;
const removalsAtOnce = 16;

/**
 * Files and folders that were removed and can be restored until they expire. Each waits in a hidden place of its own store,
 * to which it is moved: what that costs is what a rename costs there.
 */
export class Bin {
  readonly #options: BinOptions;
  /** Items that are on their way back: their bytes stay, even if they are removed for good meanwhile. */
  readonly #restoring = new Set<string>();
  #emptying: Promise<void> | undefined;

  constructor(options: BinOptions) {
    this.#options = options;
  }

  get items(): BinItems {
    return this.#options.bin;
  }

  /**
   * Put a file or folder into the bin.
   *
   * @throws {TransferError} `not-found`; `unsupported` where there is no bin; `conflict` for a folder into which a file is being uploaded
   */
  async put(path: string, { entry, ...options }: By & { readonly entry: BinItemRow["entry"] }): Promise<BinItemRow> {
    const { bin, files, folders, moves } = this.#options;
    const { days, prefix } = bin.ruleOf(`${path}/`);
    if (days === 0 && !this.#options.store.isFixed?.(path))
      throw new TransferError("unsupported", `Cannot put "${path}" into the bin: this store has no bin`);
    moves.refuseOverlap(path);
    const place = newBinPath(prefix);
    if (entry === "folder") await folders.discard(path, place, options);
    // Not for its client alone: once begun it is done.
    else await files.move(path, place, { by: options.by, replace: false });
    return this.#find(place.slice(-20), `put "${path}" into the bin as`);
  }

  list(options: BinPageOptions): ReturnType<BinItems["list"]> {
    return this.items.list(options);
  }

  /** An item that is there. @throws {TransferError} `not-found` */
  item(id: string): Promise<BinItemRow> {
    return this.#find(id, "find");
  }

  /**
   * Restore an item, to the next free path where something else is at its own. One that would expire meanwhile is kept until then.
   *
   * @throws {TransferError} `not-found`
   */
  async restore(id: string, options: RestoreOptions): Promise<BinItemRow & { readonly to: string }> {
    // Before it is kept: who reaps looks here after it was found expired.
    this.#restoring.add(id);
    try {
      const item = await this.items.keep(id);
      if (item === undefined) throw missing(id, "restore");
      return { ...item, to: await this.#moveBack(item, options) };
    } finally {
      this.#restoring.delete(id);
    }
  }

  /** Remove items for good: at once they are not in the bin any more; their bytes go soon after. */
  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.items.expire(id);
    // Who asked need not wait; what fails is tried again by the reaper.
    void this.reap();
  }

  /** Remove what has expired. */
  reap(): Promise<void> {
    this.#emptying ??= this.#reapAll().finally(() => {
      this.#emptying = undefined;
    });
    return this.#emptying;
  }

  /** Wait for what is being removed. */
  async close(): Promise<void> {
    await this.#emptying;
  }

  async #moveBack({ entry, path, place }: BinItemRow, { to = path, by, signal }: RestoreOptions): Promise<string> {
    const { claims, files, folders, moves } = this.#options;
    if (entry === "folder") return folders.move(place, to, { by, conflict: "rename", signal });
    moves.refuseOverlap(to);
    for (let attempt = 1; ; attempt++) {
      using claim = await claims.claim(to, "rename", { signal });
      try {
        return (await files.move(place, claim.path, { by, replace: false })).path;
      } catch (error) {
        // Another door may have taken the name since it was claimed.
        if (!(error instanceof TransferError) || error.code !== "conflict" || attempt === 5) throw error;
      }
    }
  }

  async #reapAll(): Promise<void> {
    const { log } = this.#options;
    const failed = new Set<string>();
    for (;;) {
      const items = (await this.items.expired(itemsAtOnce + failed.size)).filter(({ id }) => !failed.has(id));
      if (items.length === 0) return;
      await mapPool(items, removalsAtOnce, async (item) => {
        try {
          await this.#removeContent(item);
        } catch (error) {
          failed.add(item.id);
          log.warn({ id: item.id, path: item.path, err: error }, "cannot remove from the bin, trying again later");
        }
      });
    }
  }

  async #removeContent({ entry, id, place }: BinItemRow): Promise<void> {
    const { facts, moves, paths, store } = this.#options;
    if (this.#restoring.has(id)) throw new TransferError("conflict", `Cannot remove "${id}": it is being restored`);
    // A folder that is still on its way is removed when it is there.
    moves.refuseOverlap(place);
    const remove = async (path: string): Promise<void> => {
      await paths.alone(path, () => store.remove(path));
      await facts.forget(path);
    };
    if (entry === "file") await remove(place);
    else {
      const content = await contentOf(store, place, {});
      await mapPool(
        content.filter((path) => !path.endsWith("/")),
        removalsAtOnce,
        remove,
      );
      for (const folder of content.filter((path) => path.endsWith("/")).toReversed()) {
        await store.folders?.remove(folder.slice(0, -1));
      }
    }
    await this.items.strike(id);
  }

  async #find(id: string, doing: string): Promise<BinItemRow> {
    const item = await this.items.find(id);
    if (item) return item;
    throw missing(id, doing);
  }
}

function missing(id: string, doing: string): TransferError {
  return new TransferError("not-found", `Cannot ${doing} "${id}": it is not in the bin`);
}
