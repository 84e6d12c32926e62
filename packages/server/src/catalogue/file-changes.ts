import {
  type Abortable,
  type CopyResume,
  type Files,
  type MoveOptions,
  type Store,
  type StoredFile,
  TransferError,
} from "@naru/core";
import type { ArrivedChange, MovedChange, RemovedChange } from "./change-journal.ts";
import type { Changes } from "./changes.ts";
import type { ChangesOptions, Note } from "./changes-options.ts";
import { copyAcross } from "./copy-across.ts";
import type { Caller } from "./file-events.ts";
import { type Facts, factsIn } from "./file-facts.ts";
import { keepFolderOf } from "./kept-folders.ts";
import { datedFile, noteArrived, noteMoved, noteRemoved } from "./notes.ts";
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
  /** What is remembered of a copy that takes long. */
  readonly resume?: CopyResume | undefined;
  /** The copy of it that an earlier process made, and whose original is left. */
  readonly copied?: StoredFile | undefined;
  /** Noted in the same transaction. */
  readonly note?: Note | undefined;
}

export interface RestoreVersionOptions extends Abortable {
  readonly by: Caller;
  readonly restore: () => Promise<StoredFile>;
}

export interface CopyFileOptions extends Omit<MoveFileOptions, "replace" | "copied"> {
  readonly before?: string | undefined;
}

/** Moves, copies and removes files, for every door; the folder that a file lay in stays. */
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
  async moveHeld(from: string, to: string, options: MoveFileOptions): Promise<StoredFile> {
    const { bin, changes, facts: ledger, store } = this.#options;
    const { by, copied, note, replace, resume, signal } = options;
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
    const finish = async (copy: StoredFile): Promise<StoredFile> => {
      await store.remove(source, { signal });
      return copy;
    };
    const checked = { ...before, crc64: facts.crc64 ?? undefined };
    const work = (): Promise<StoredFile> =>
      copied ? finish(copied) : store.move(source, to, { signal, file: checked, resume });
    const file = await changes.make(change, work, (moved) => async (db, report) => {
      await noteMoved(change, moved, { bin, facts: ledger })(db, report);
      await note?.(db, report);
    });
    return datedFile(file, facts);
  }

  /**
   * Copy a file; the modification time stays, and who copies has brought it.
   *
   * @throws {TransferError} `not-found`; `conflict` where it may not replace a file
   */
  async copy(from: string, to: string, options: MoveFileOptions): Promise<StoredFile> {
    return this.#options.paths.aloneAtBoth(from, to, () => this.#copyFree(from, to, options));
  }

  async #copyFree(from: string, to: string, { by, replace, signal }: MoveFileOptions): Promise<StoredFile> {
    const there = await this.#options.store.stat(to, { signal });
    if (there && !replace) throw taken(to);
    return this.copyHeld(from, to, { by, before: there?.etag, signal });
  }

  /** As `copy`, for a caller that holds both paths; `before` is the tag of what is replaced. */
  async copyHeld(from: string, to: string, options: CopyFileOptions): Promise<StoredFile> {
    const { changes, facts: ledger, store } = this.#options;
    const { before, by, note, resume, signal } = options;
    const source = await store.stat(from, { signal });
    if (!source) throw new TransferError("not-found", `Cannot copy "${from}": there is no such file`);
    // Who copies has brought it.
    const { account: _account, arrived: _arrived, door: _door, ...known } = factsIn(await ledger.look(source));
    const modified = known.modified ?? source.modified.getTime();
    const facts: Facts = { ...known, crc64: source.crc64 ?? known.crc64 ?? null, modified };
    const change: ArrivedChange = {
      kind: "arrived",
      entry: "file",
      path: to,
      at: to,
      size: source.size,
      before,
      facts,
      by,
    };
    const checked = { ...source, crc64: facts.crc64 ?? undefined };
    const work = (): Promise<StoredFile> => copyIn(store, checked, to, { resume, signal });
    const file = await changes.make(change, work, (copied) => async (db, report) => {
      await noteArrived(change, copied, this.#options)(db, report);
      await note?.(db, report);
    });
    return datedFile(file, facts);
  }

  /** Make a file by `restore`, from what it was; for who sees it, it has arrived. */
  async restoreVersion(
    path: string,
    { size }: Pick<StoredFile, "size">,
    { by, restore, signal }: RestoreVersionOptions,
  ): Promise<StoredFile> {
    const { changes, paths, store } = this.#options;
    return paths.alone(path, async () => {
      const before = (await store.stat(path, { signal }))?.etag;
      const change: ArrivedChange = { kind: "arrived", entry: "file", path, at: path, size, before, facts: {}, by };
      return changes.make(change, restore, (file) => noteArrived(change, file, this.#options));
    });
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

function copyIn(store: Store & Files, file: StoredFile, to: string, options: MoveOptions): Promise<StoredFile> {
  if (store.copy) return store.copy(file.path, to, { ...options, file });
  const mount = { prefix: "", store };
  return copyAcross({ mount, path: file.path }, { mount, path: to }, { ...options, file });
}
