import { type Abortable, type StoredFile, TransferError } from "@naru/core";
import type { MovedChange, RemovedChange } from "./change-journal.ts";
import type { Changes } from "./changes.ts";
import type { ChangesOptions, Note } from "./changes-options.ts";
import type { Caller } from "./file-events.ts";
import { factsIn } from "./file-facts.ts";
import { keepFolderOf } from "./kept-folders.ts";
import { datedFile, noteMoved, noteRemoved } from "./notes.ts";
import { taken } from "./path-claims.ts";

export interface FileChangesOptions extends ChangesOptions {
  readonly changes: Changes;
}

export interface ChangeOptions extends Abortable {
  readonly by: Caller;
  /** Asked while nobody else changes what is there; throws to refuse. */
  readonly check?: (() => Promise<void>) | undefined;
}

export interface MoveFileOptions extends Abortable {
  readonly by: Caller;
  /** Whether what is at the new path goes. */
  readonly replace: boolean;
  /** Noted in the same transaction. */
  readonly note?: Note | undefined;
}

/** Moves and removes files, for every door; the folder that a file lay in stays. */
export class FileChanges {
  readonly #options: FileChangesOptions;

  constructor(options: FileChangesOptions) {
    this.#options = options;
  }

  /** @throws {TransferError} `not-found`; `conflict` where it may not replace a file */
  async move(from: string, to: string, options: MoveFileOptions): Promise<StoredFile> {
    const { paths, store } = this.#options;
    const moved = await paths.aloneAtBoth(from, to, () => this.moveHeld(from, to, options));
    await keepFolderOf(store, from, {});
    return moved;
  }

  /** As `move`, for a caller that holds both paths, and keeps the folder. */
  async moveHeld(from: string, to: string, { by, note, replace, signal }: MoveFileOptions): Promise<StoredFile> {
    const { changes, facts: ledger, store } = this.#options;
    const before = await store.stat(from, { signal });
    if (!before) throw new TransferError("not-found", `Cannot move "${from}": there is no such file`);
    if (!replace && (await store.stat(to, { signal }))) throw taken(to);
    const known = factsIn(await ledger.look(before));
    // A bucket dates the copy anew.
    const modified = known.modified ?? before.modified.getTime();
    const facts = { ...known, crc64: before.crc64 ?? known.crc64 ?? null, modified };
    // Of the two spellings of a name, the one that it has.
    const source = before.path;
    const change: MovedChange = { kind: "moved", entry: "file", from: source, path: to, facts, by };
    const work = (): Promise<StoredFile> => store.move(source, to, { signal, file: before });
    const file = await changes.make(change, work, (moved) => async (db, report) => {
      await noteMoved(change, moved, { facts: ledger })(db, report);
      await note?.(db, report);
    });
    return datedFile(file, facts);
  }

  /** Remove a file; `false` if there is none. */
  async remove(path: string, { by, check, signal }: ChangeOptions): Promise<boolean> {
    const { paths, store } = this.#options;
    const removed = await paths.alone(path, async () => {
      await check?.();
      const file = await store.stat(path, { signal });
      if (file) await this.removeHeld(file.path, { by, signal });
      return file !== undefined;
    });
    if (removed) await keepFolderOf(store, path, {});
    return removed;
  }

  /** Remove a file that is there, for a caller that holds its path, and keeps its folder. */
  async removeHeld(path: string, { by, signal }: ChangeOptions): Promise<void> {
    const { changes, facts, store } = this.#options;
    const change: RemovedChange = { kind: "removed", entry: "file", path, by };
    await changes.make(
      change,
      () => store.remove(path, { signal }),
      () => noteRemoved(change, { facts }),
    );
  }
}
