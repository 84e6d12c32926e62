import { type Abortable, type ConflictPolicy, type Files, TransferError } from "@naru/core";
import { mapPool } from "../pool.ts";
import type { UploadLedger } from "../uploads/upload-ledger.ts";
import { refuseClash } from "./clashes.ts";
import { contentOf } from "./folder-content.ts";
import type { FolderMoves } from "./folder-moves.ts";
import { hasFolder, keepFolderOf } from "./kept-folders.ts";
import type { PathClaims } from "./path-claims.ts";

export interface FolderChangesOptions {
  readonly store: Files;
  readonly ledger: UploadLedger;
  readonly claims: PathClaims;
  readonly moves: FolderMoves;
  readonly now: () => number;
}

export interface ChangeOptions extends Abortable {
  /** Whose call it is. */
  readonly owner: string;
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
  async make(path: string, options: Abortable): Promise<boolean> {
    const { store } = this.#options;
    const doing = `create the folder "${path}"`;
    if (!store.folders) throw new TransferError("unsupported", `Cannot ${doing}: the store has none`);
    if (await store.stat(path, options)) throw new TransferError("conflict", `Cannot ${doing}: "${path}" is a file`);
    await refuseClash(store, { doing, path, kind: "folder" }, options);
    if (await store.folders.has(path, options)) return false;
    await store.folders.make(path, options);
    return true;
  }

  /**
   * Remove a folder: an empty one, or with all that is in it. Once begun it is done to its end.
   *
   * @throws {TransferError} `not-found`; `conflict` when it is not empty, or a file is being uploaded into it
   */
  async remove(path: string, { recursive, owner }: ChangeOptions & { readonly recursive: boolean }): Promise<void> {
    const { store, moves } = this.#options;
    const doing = `remove the folder "${path}"`;
    if (!(await hasFolder(store, path, {}))) throw new TransferError("not-found", `Cannot ${doing}: no such folder`);
    moves.refuseOverlap(path);
    await this.#refuseAwaited(doing, path, owner);
    if (recursive) await this.#removeAll(path);
    else {
      await this.#refuseFull(doing, path);
      await store.folders?.remove(path);
    }
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
    { conflict, owner }: ChangeOptions & { readonly conflict: ConflictPolicy },
  ): Promise<string> {
    const { store, claims, moves } = this.#options;
    const doing = `move "${from}/" to "${to}/"`;
    if (conflict === "overwrite") {
      throw new TransferError("invalid", `Cannot ${doing}: folders are not replaced; use "fail" or "rename"`);
    }
    if (from === to && (await hasFolder(store, from, {}))) return to;
    await this.#refuseAwaited(doing, from, owner);
    if (await moves.isBegun(from, to)) {
      // Its target is there by now, which is no clash.
      await moves.move(from, to);
      return to;
    }
    if (!(await hasFolder(store, from, {}))) throw new TransferError("not-found", `Cannot ${doing}: no such folder`);
    if (to.startsWith(`${from}/`)) throw new TransferError("invalid", `Cannot ${doing}: the target is inside it`);
    using claim = await claims.claim(to, conflict);
    await moves.move(from, claim.path);
    return claim.path;
  }

  /** What cannot be removed stays, with the folders that it lies in, and is the error. */
  async #removeAll(path: string): Promise<void> {
    const { store, ledger } = this.#options;
    const paths = await contentOf(store, path, {});
    const failures: unknown[] = [];
    const files = paths.filter((one) => !one.endsWith("/"));
    await mapPool(files, removedAtOnce, async (file) => {
      try {
        await ledger.paths.alone(file, async () => {
          await store.remove(file);
          await ledger.forgetChecksum(file);
          await ledger.facts.forget(file);
        });
      } catch (error) {
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
    const folders = paths.filter((one) => one.endsWith("/"));
    for (const folder of folders.toReversed()) await store.folders?.remove(folder.slice(0, -1));
  }

  async #refuseFull(doing: string, path: string): Promise<void> {
    const page = await this.#options.store.list({ prefix: `${path}/`, delimiter: "/", limit: 1 });
    if (page.files.length + page.folders.length === 0) return;
    throw new TransferError("conflict", `Cannot ${doing}: it is not empty`);
  }

  /** Its upload would make the folder anew. */
  async #refuseAwaited(doing: string, folder: string, owner: string): Promise<void> {
    const { ledger, now } = this.#options;
    const uploads = await ledger.listOpen(owner, now());
    const arrivals = await ledger.arrivals.listBelow(owner, `${folder}/`);
    if (arrivals.length === 0 && !uploads.some(({ path }) => path.startsWith(`${folder}/`))) return;
    const todo = "let it arrive, or cancel it among the transfers";
    throw new TransferError("conflict", `Cannot ${doing}: a file is being uploaded into it; ${todo}`);
  }
}
