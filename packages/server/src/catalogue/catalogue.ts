/**
 * The one room where a file appears, moves, goes, is seen and is reported, whichever door it comes by. What an account sees
 * is a store around the store (`for`); what has come by other ways than its calls is made to appear by `publish`.
 *
 * @module
 */

import type { Abortable, Files, Store, StoredFile } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { Locks } from "../locks/locks.ts";
import type { Log } from "../log.ts";
import type { MountedStore, VersionedStore } from "../served-store.ts";
import { type AccountStore, accountStore, filesWithFacts } from "./account-store.ts";
import { Bin } from "./bin.ts";
import { BinItems, type BinRule } from "./bin-items.ts";
import { ChangeJournal } from "./change-journal.ts";
import { Changes } from "./changes.ts";
import type { UploadRecords } from "./changes-options.ts";
import { FileChanges } from "./file-changes.ts";
import type { Caller, FileEvents } from "./file-events.ts";
import { FileFacts } from "./file-facts.ts";
import { FolderChanges } from "./folder-changes.ts";
import { FolderMoveLedger } from "./folder-move-ledger.ts";
import { FolderMoves } from "./folder-moves.ts";
import { type FindOptions, KnownFiles, type WantedFile } from "./known-files.ts";
import { ListedFolders } from "./listed-folders.ts";
import type { MoveState } from "./move-progress.ts";
import { PathClaims } from "./path-claims.ts";
import { PathLock } from "./path-lock.ts";
import { type Arriving, Publishing } from "./publish.ts";

export interface CatalogueOptions {
  readonly store: Store & Files & Partial<VersionedStore> & Partial<MountedStore>;
  readonly db: Database;
  readonly events: FileEvents;
  readonly uploads: UploadRecords;
  readonly locks: Locks;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  /** After how long who waits for the rename of a folder gets an error that says that the store is away. */
  readonly patienceMs?: number | undefined;
  /** Where there is a bin, and for how long it keeps things; nowhere by default. */
  readonly bins?: readonly BinRule[] | undefined;
}

const hour = 60 * 60_000;

/** Every change of files and folders, and what is known of them. */
export class Catalogue {
  readonly events: FileEvents;
  readonly facts: FileFacts;
  readonly claims: PathClaims;
  readonly changes: FileChanges;
  readonly folders: FolderChanges;
  readonly bin: Bin;
  /** What has arrived, with what is known of it. */
  readonly files: ReturnType<typeof filesWithFacts>;
  /** The store itself, for bytes that are no file yet. */
  readonly store: Store & Files & Partial<VersionedStore> & Partial<MountedStore>;
  readonly #paths: PathLock;
  readonly #publishing: Publishing;
  readonly #moves: FolderMoves;
  readonly #known: KnownFiles;
  readonly #changes: Changes;
  readonly #now: () => number;
  #pruned = Number.NEGATIVE_INFINITY;

  constructor({ store, db, events, uploads, locks, now, log, patienceMs, bins = [] }: CatalogueOptions) {
    this.store = store;
    this.events = events;
    this.#now = now;
    this.#paths = new PathLock(locks);
    this.facts = new FileFacts(db);
    const journal = new ChangeJournal(db, { now, writes: events.writes });
    const bin = new BinItems(db, { now, rules: bins });
    const inside = { store, paths: this.#paths, facts: this.facts, events, journal, uploads, bin, now, log };
    const changes = new Changes(inside);
    this.#changes = changes;
    this.claims = new PathClaims({ files: store, now, isAwaited: (path) => uploads.isAwaited(path) });
    this.#publishing = new Publishing({ ...inside, changes, claims: this.claims });
    const files = new FileChanges({ ...inside, changes });
    this.changes = files;
    const folderMoves = new FolderMoveLedger(db);
    this.#moves = new FolderMoves({ ...inside, changes, files, folderMoves, patienceMs });
    this.folders = new FolderChanges({ ...inside, changes, files, claims: this.claims, moves: this.#moves });
    const { claims, folders } = this;
    this.bin = new Bin({ ...inside, claims, files, folders, moves: this.#moves });
    this.files = filesWithFacts(store, this.facts);
    this.#known = new KnownFiles({ store, facts: this.facts });
  }

  /** What one caller sees and may change. */
  for(by: Caller): AccountStore {
    return accountStore(this, by);
  }

  /** Make a file appear that has come. @throws {TransferError} `conflict` where it may not replace a file */
  publish(arriving: Arriving, options: Abortable): Promise<StoredFile> {
    return this.#publishing.publish(arriving, options);
  }

  /** What a batch asks in place of the store, since it writes many files of few folders; dispose of it at its end. */
  listed(paths: Iterable<string>): ListedFolders {
    return new ListedFolders(this.store, this.#paths, paths);
  }

  /** The file that is there already with these very bytes. */
  find(wanted: WantedFile, options: FindOptions): Promise<StoredFile | undefined> {
    return this.#known.find(wanted, options);
  }

  /** @throws {TransferError} `conflict` if a folder that is being moved has to do with one of the paths */
  refuseOverlap(...paths: readonly string[]): void {
    this.#moves.refuseOverlap(...paths);
  }

  /** What is being moved or copied and takes long, of one account or all. */
  listMoves(account?: string): readonly MoveState[] {
    return this.#moves.list(account);
  }

  /** Stop such a move for good; `false` if there is none. What is at its new name stays there, and the rest where it was. */
  cancelMove(id: string): boolean {
    return this.#moves.cancel(id);
  }

  /** Finish and report what an earlier process began; before anything else changes files. */
  async recover(): Promise<void> {
    await this.#changes.recover();
    await this.#moves.resume();
  }

  /** Find out what became of changes whose answer was lost, of one upload or all. */
  settle(which: { readonly upload?: string } = {}): Promise<void> {
    return this.#changes.settle(which);
  }

  /** The same, and forget events that nobody can ask for any more. */
  async reap(): Promise<void> {
    await this.settle();
    await this.bin.reap();
    if (this.#now() - this.#pruned < hour) return;
    this.#pruned = this.#now();
    await this.events.prune();
  }

  /** Stop; what is left to do is in the journals. */
  async close(): Promise<void> {
    await this.#moves.close();
    await this.bin.close();
  }
}
