import { type Abortable, type ConflictPolicy, isUsablePath, TransferError } from "@naru/core";
import { mapPool } from "../pool.ts";
import { refuseClash } from "./clashes.ts";
import type { FileChanges, FileChangesOptions } from "./file-changes.ts";
import type { Caller } from "./file-events.ts";
import { contentOf } from "./folder-content.ts";
import type { FolderMoves } from "./folder-moves.ts";
import { hasFolder, keepFolderOf } from "./kept-folders.ts";
import { noteFolder } from "./notes.ts";
import type { PathClaims } from "./path-claims.ts";

export interface FolderChangesOptions extends FileChangesOptions {
  readonly files: FileChanges;
  readonly claims: PathClaims;
  readonly moves: FolderMoves;
}

interface By {
  readonly by: Caller;
}

interface LongFile extends Abortable, By {
  /** Whether a file at the target is replaced. */
  readonly replace?: boolean;
}

/** Removals at once. */
const removedAtOnce = 16;

/** Makes, renames and removes folders with all that is in them. */
export class FolderChanges {
  readonly #options: FolderChangesOptions;

  constructor(options: FolderChangesOptions) {
    this.#options = options;
  }

  async has(path: string, options: Abortable): Promise<boolean> {
    return hasFolder(this.#options.store, path, options);
  }

  /** Make a folder; whether it was not there before. @throws {TransferError} `conflict` where a file is at or above it */
  async make(path: string, { by, ...options }: Abortable & By): Promise<boolean> {
    const { changes, paths, store } = this.#options;
    const doing = `create the folder "${path}"`;
    const { folders } = store;
    if (!folders) throw new TransferError("unsupported", `Cannot ${doing}: the store has none`);
    if (await store.stat(path, options)) throw new TransferError("conflict", `Cannot ${doing}: "${path}" is a file`);
    await refuseClash(store, { doing, path, kind: "folder" }, options);
    const change = { kind: "arrived", entry: "folder", path, by } as const;
    return paths.alone(path, async () => {
      if (await folders.has(path, options)) return false;
      await changes.make(
        change,
        () => folders.make(path, options),
        () => noteFolder(change),
      );
      return true;
    });
  }

  /**
   * Remove a folder: an empty one, or with all that is in it. Once begun it is done to its end.
   *
   * @throws {TransferError} `not-found`; `conflict` when it is not empty, or a file is being uploaded into it
   */
  async remove(path: string, { by, recursive }: By & { readonly recursive: boolean }): Promise<void> {
    const { changes, moves, paths, store } = this.#options;
    const doing = `remove the folder "${path}"`;
    this.#refuseFixed(doing, path);
    if (!(await hasFolder(store, path, {}))) throw new TransferError("not-found", `Cannot ${doing}: no such folder`);
    moves.refuseOverlap(path);
    await this.#refuseAwaited(doing, path, by);
    if (!recursive) await this.#refuseFull(doing, path);
    const change = { kind: "removed", entry: "folder", path, by } as const;
    await paths.alone(path, () =>
      changes.make(
        change,
        async () => (recursive ? this.#removeAll(path, by) : store.folders?.remove(path)),
        () => noteFolder(change),
      ),
    );
    await keepFolderOf(store, path, {});
  }

  /**
   * Rename a folder with all that is in it; the path that it has then. Once begun it is done to its end.
   *
   * @throws {TransferError} `not-found`; `conflict` when the name is taken, or a file is being uploaded into it
   */
  async move(
    from: string,
    to: string,
    { by, conflict, signal }: Abortable & By & { readonly conflict: ConflictPolicy },
  ): Promise<string> {
    const { store, claims, moves } = this.#options;
    const doing = `move "${from}/" to "${to}/"`;
    if (conflict === "overwrite") {
      throw new TransferError("invalid", `Cannot ${doing}: folders are not replaced; use "fail" or "rename"`);
    }
    if (from === to && (await hasFolder(store, from, {}))) return to;
    this.#refuseFixed(doing, from);
    for (const folder of [from, to]) await this.#refuseAwaited(doing, folder, by);
    if (await moves.isBegun({ from, to, copies: false })) {
      // Its target is there by now, which is no clash.
      await moves.move(from, to, { by, signal });
      return to;
    }
    if (to.startsWith(`${from}/`)) throw new TransferError("invalid", `Cannot ${doing}: the target is inside it`);
    using claim = await claims.claim(to, conflict);
    if (!(await hasFolder(store, from, {}))) throw new TransferError("not-found", `Cannot ${doing}: no such folder`);
    await moves.move(from, claim.path, { by, signal });
    return claim.path;
  }

  /**
   * Copy a folder with all that is in it; the path of the copy. Once begun it is done to its end.
   *
   * @throws {TransferError} `not-found`; `conflict` when the name is taken, or a file is being uploaded into the copy
   */
  async copy(
    from: string,
    to: string,
    { by, conflict, signal }: Abortable & By & { readonly conflict: ConflictPolicy },
  ): Promise<string> {
    const { store, claims, moves } = this.#options;
    const doing = `copy "${from}/" to "${to}/"`;
    if (conflict === "overwrite") {
      throw new TransferError("invalid", `Cannot ${doing}: folders are not replaced; use "fail" or "rename"`);
    }
    if (conflict === "fail" && (await moves.isBegun({ from, to, copies: true }))) {
      await moves.copy(from, to, { by, signal });
      return to;
    }
    if (to.startsWith(`${from}/`)) throw new TransferError("invalid", `Cannot ${doing}: the target is inside it`);
    await this.#refuseAwaited(doing, to, by);
    using claim = await claims.claim(to, conflict);
    if (!(await hasFolder(store, from, {}))) throw new TransferError("not-found", `Cannot ${doing}: no such folder`);
    await moves.copy(from, claim.path, { by, signal });
    return claim.path;
  }

  /** Copy one file as a folder is copied: once begun it is done to its end. @throws {TransferError} `not-found`; `conflict` */
  copyFile(from: string, to: string, options: LongFile): Promise<void> {
    return this.#options.moves.copy(from, to, { ...options, entry: "file" });
  }

  /** The same for the move of a file that has to be copied for it. @throws {TransferError} `not-found`; `conflict` */
  moveFile(from: string, to: string, options: LongFile): Promise<void> {
    return this.#options.moves.move(from, to, { ...options, entry: "file" });
  }

  /** Move a folder into the bin. Once begun it is done to its end. @throws {TransferError} `not-found`; `conflict` */
  async discard(path: string, place: string, { by, signal }: Abortable & By): Promise<void> {
    const { moves, store } = this.#options;
    const doing = `remove the folder "${path}"`;
    this.#refuseFixed(doing, path);
    if (!(await hasFolder(store, path, {}))) throw new TransferError("not-found", `Cannot ${doing}: no such folder`);
    await this.#refuseAwaited(doing, path, by);
    await moves.move(path, place, { by, signal });
  }

  /** What cannot be removed stays, with the folders that it lies in, and is the error. */
  async #removeAll(path: string, by: Caller): Promise<void> {
    const { files: fileChanges, paths: lock, store } = this.#options;
    const paths = await contentOf(store, path, {});
    const failures: unknown[] = [];
    const files = paths.filter((one) => !one.endsWith("/"));
    await mapPool(files, removedAtOnce, async (file) => {
      try {
        await lock.alone(file, () => fileChanges.removeHeld(file, { by }));
      } catch (error) {
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
    const folders = paths.filter((one) => one.endsWith("/"));
    for (const folder of folders.toReversed()) await store.folders?.remove(folder.slice(0, -1));
  }

  async #refuseFull(doing: string, path: string): Promise<void> {
    const { files, folders } = await this.#options.store.list({ prefix: `${path}/`, delimiter: "/", limit: 100 });
    const names = [...files.map((file) => file.path), ...folders.map((folder) => folder.slice(0, -1))];
    if (names.length === 0) return;
    const hidden = "it holds files whose names cannot be shown here; remove them over HTTP, by their keys";
    const why = names.some(isUsablePath) ? "it is not empty" : hidden;
    throw new TransferError("conflict", `Cannot ${doing}: ${why}`);
  }

  /** What stands in the settings of the server is changed there. */
  #refuseFixed(doing: string, folder: string): void {
    if (this.#options.store.isFixed?.(folder) !== true) return;
    throw new TransferError(
      "conflict",
      `Cannot ${doing}: a store is mounted at it or below it; only the server's settings change that`,
    );
  }

  /** Its upload would create the folder anew. */
  async #refuseAwaited(doing: string, folder: string, { account }: Caller): Promise<void> {
    if (!(await this.#options.uploads.isAwaitedBelow(account, `${folder}/`))) return;
    const todo = "let it arrive, or cancel it among the transfers";
    throw new TransferError("conflict", `Cannot ${doing}: a file is being uploaded into it; ${todo}`);
  }
}
