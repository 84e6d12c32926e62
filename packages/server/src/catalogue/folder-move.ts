import { type Abortable, asTransferError, isHidden, type StoredFile, TransferError } from "@naru/core";
import { callPatiently } from "../patience.ts";
import { mapPool } from "../pool.ts";
import type { Note } from "./changes-options.ts";
import type { Caller } from "./file-events.ts";
import { byDepth, contentOf } from "./folder-content.ts";
import { planMove } from "./folder-move-plan.ts";
import { wordsOf } from "./folder-move-words.ts";
import type { FolderMovesOptions } from "./folder-moves-options.ts";
import { keepFolderOf } from "./kept-folders.ts";
import { MoveProgress, type MoveState } from "./move-progress.ts";
import { MoveWaiters } from "./move-waiters.ts";
import { isSameContent } from "./moved-content.ts";

/** So many files are moved at once: most of the time of each is spent waiting for the store. */
const movesAtOnce = 32;

interface FolderMoveOptions extends FolderMovesOptions {
  readonly patienceMs: number;
  readonly from: string;
  readonly to: string;
  readonly by: Caller;
  /** Whether what is there stays. */
  readonly copies: boolean;
  /** A single file is moved or copied so where that takes long. */
  readonly entry: "file" | "folder";
  /** Whether the file at `to` is replaced. */
  readonly replace?: boolean | undefined;
  /** The etag of the file that is replaced, of one that is in the journal already. */
  readonly replaces?: string | undefined;
  /** Of a rename that is in the journal already. */
  readonly id?: string | undefined;
  readonly sleep: (ms: number, options: Abortable) => Promise<void>;
}

/** The rename or the copy of one folder, from its checks to its end. It does not end with those who wait for it. */
export class FolderMove {
  readonly from: string;
  readonly to: string;
  readonly by: Caller;
  readonly copies: boolean;
  #entry: "file" | "folder";
  readonly #options: FolderMoveOptions;
  readonly #waiters = new MoveWaiters();
  readonly #cancelling = new AbortController();
  readonly #progress: MoveProgress;
  #id: string | undefined;
  #replaces: string | undefined;
  #waitsSince: number | undefined;
  #isOver = false;

  constructor(options: FolderMoveOptions) {
    this.from = options.from;
    this.to = options.to;
    this.by = options.by;
    this.copies = options.copies;
    this.#entry = options.entry;
    this.#options = options;
    this.#id = options.id;
    this.#replaces = options.replaces;
    this.#progress = new MoveProgress({ ...options, onWait: (error) => this.#noteWait(error) });
  }

  /** How far it is; `undefined` before it is in the journal. */
  get state(): MoveState | undefined {
    if (this.#id === undefined) return undefined;
    const { by, copies, entry, from, to } = this;
    return { id: this.#id, by, from, to, copies, entry, ...this.#progress.amounts };
  }

  /** Stop for good: what is at its new name stays there, and the rest where it was. */
  cancel(): void {
    const { doing } = wordsOf(this);
    this.#cancelling.abort(new TransferError("conflict", `Cannot ${doing} whole: it was cancelled`));
  }

  get entry(): "file" | "folder" {
    return this.#entry;
  }

  /** Whoever waits was told; nobody may wait any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Wait for its end, or to be told why that takes long. */
  wait(options: Abortable): Promise<void> {
    return this.#waiters.wait(options);
  }

  /** Do it, to the end or until `signal` aborts; never fails, as whoever waits is told. */
  async run({ signal: closing }: { readonly signal: AbortSignal }): Promise<void> {
    const signal = AbortSignal.any([closing, this.#cancelling.signal]);
    const { log } = this.#options;
    const { from, to } = this;
    try {
      const resumed = this.#id !== undefined;
      const [id, paths] = this.#id === undefined ? await this.#begin({ signal }) : await this.#resume(this.#id);
      log.info(
        { from, to, paths: paths.length, resumed },
        `a ${this.entry} is being ${this.copies ? "copied" : "moved"}`,
      );
      await this.#move(id, paths, { signal });
      log.info({ from, to }, `a ${this.entry} was ${this.copies ? "copied" : "moved"}`);
      this.#isOver = true;
      this.#waiters.resolve();
    } catch (error) {
      this.#isOver = true;
      if (!closing.aborted && this.#id !== undefined)
        log.warn({ from, to, err: error }, `cannot ${this.#doing} a ${this.entry} whole`);
      if (this.#cancelling.signal.aborted && this.#id !== undefined) await this.#progress.giveUp(this.#id);
      this.#waiters.reject(error);
    }
  }

  async #resume(id: string): Promise<readonly [string, readonly string[]]> {
    const paths = await this.#options.folderMoves.paths(id);
    // A folder is among its own paths to the end.
    this.#entry = paths.some((path) => path.endsWith("/")) ? "folder" : "file";
    await this.#progress.load(id);
    return [id, paths];
  }

  /** Check that it can be done, and note all that is to be done before any of it is. */
  async #begin(options: Abortable): Promise<readonly [string, readonly string[]]> {
    const { bin, folderMoves, now, replace = false } = this.#options;
    const { by, copies, entry, from, to } = this;
    const { paths, replaces, size } = await planMove({ copies, entry, from, replace, to }, this.#options, options);
    this.#replaces = replaces;
    this.#progress.size = size;
    const { account, door } = by;
    const note: Note = (db) => bin.noteBegun({ from, path: to, by }, db);
    const row = {
      source: from,
      target: to,
      copies: copies ? 1 : 0,
      account,
      door,
      replaces: replaces ?? null,
    } as const;
    this.#id = await folderMoves.begin(row, paths, { now: now(), note: (db) => note(db, async () => undefined) });
    return [this.#id, paths];
  }

  async #move(id: string, paths: readonly string[], options: { readonly signal: AbortSignal }): Promise<void> {
    const { bin, store, events, folderMoves } = this.#options;
    const isFolder = (path: string): boolean => path.endsWith("/");
    const folders = paths.filter(isFolder);
    const failures: Failure[] = [];
    const attempt = async (path: string, work: () => Promise<unknown>): Promise<void> => {
      try {
        await this.#patiently(work, options);
      } catch (reason) {
        options.signal.throwIfAborted();
        failures.push({ path, error: asTransferError(reason) });
      }
    };
    const atOnce = Math.min(movesAtOnce, store.limitsFor(this.from).maxInFlight);
    const make = async (path: string): Promise<void> => store.folders?.make(this.#target(path).slice(0, -1), options);
    await mapPool(folders, atOnce, (path) => attempt(path, () => make(path)));
    const files = paths.filter((path) => !isFolder(path));
    this.#progress.total = files.length;
    this.#progress.left = files.length;
    const missed = new Set<string>();
    await mapPool(files, atOnce, (path) =>
      attempt(path, async () => {
        const isMoved = await this.#moveFile(id, path, options);
        this.#progress.done(path);
        if (isMoved) return;
        missed.add(path);
        await folderMoves.strike(id, path);
      }),
    );
    if (missed.size > 0) await attempt(this.from, () => this.#refuseUnreachable(missed, options));
    for (const level of this.copies ? [] : byDepth(folders)) {
      const remove = async (path: string): Promise<void> => store.folders?.remove(path.slice(0, -1), options);
      await mapPool(level, atOnce, (path) => attempt(path, () => remove(path)));
    }
    if (!this.copies) await attempt(this.from, () => keepFolderOf(store, this.from, options));
    const [first] = failures;
    if (first === undefined) {
      const { by, from, to } = this;
      return events.record(async (db, report) => {
        await folderMoves.remove(id, db);
        // A file was reported when it was there.
        if (this.entry === "file") return;
        if (this.copies) return report({ kind: "arrived", entry: "folder", path: to, by });
        await bin.noteMoved({ entry: "folder", from, path: to, by, size: 0 }, db);
        await report({ kind: "moved", entry: "folder", path: to, from, by });
      });
    }
    await this.#progress.giveUp(id);
    throw this.#failed(first, failures.length, paths.length);
  }

  /**
   * Move one file while nobody else changes what is at either name; `false` if there is none. What came to the new name by
   * another hand stays, and so does the file.
   */
  async #moveFile(id: string, path: string, { signal }: Abortable): Promise<boolean> {
    const { store, files, folderMoves, paths } = this.#options;
    const target = this.#target(path);
    return paths.aloneAtBoth(path, target, async () => {
      const there = await store.stat(target, { signal });
      const before = this.#entry === "file" && there?.etag === this.#replaces ? there : undefined;
      const copied = before ? undefined : there;
      if (copied && !(await this.#isCopy(path, copied, { signal }))) {
        throw new TransferError(
          "conflict",
          `Cannot ${this.#doing} "${this.#shown(path)}": another file has come to its new place`,
        );
      }
      try {
        const note: Note = (db) => folderMoves.strike(id, path, db);
        const resume = this.#progress.resumeOf(id, path);
        if (this.copies) {
          // What was copied before its process ended is there.
          if (copied) await folderMoves.strike(id, path);
          else await files.copyHeld(path, target, { by: this.by, before: before?.etag, note, resume, signal });
          return true;
        }
        await files.moveHeld(path, target, { by: this.by, replace: true, copied, note, resume, signal });
        return true;
      } catch (error) {
        if (asTransferError(error).code === "not-found") return false;
        throw error;
      }
    });
  }

  /** What was not found was removed, or moved by a process that ended before it noted that; or its name leads nowhere. */
  async #refuseUnreachable(missed: ReadonlySet<string>, options: Abortable): Promise<void> {
    const { store } = this.#options;
    for (const path of await contentOf(store, this.from, options)) {
      // One that is found came since, and stays.
      if (!missed.has(path) || (await store.stat(path, options))) continue;
      throw new TransferError(
        "unsupported",
        `Cannot ${this.#doing} "${this.#shown(path)}": the store lists it but does not find it`,
      );
    }
  }

  /** What was moved before its process ended is there under both names. */
  async #isCopy(path: string, there: StoredFile, options: Abortable): Promise<boolean> {
    const { store } = this.#options;
    const file = await store.stat(path, options);
    return file === undefined || (await isSameContent(store, file, there, options));
  }

  get #doing(): string {
    return this.copies ? "copy" : "move";
  }

  /** A path that people know. */
  #shown(path: string): string {
    return isHidden(path) ? this.#target(path) : path;
  }

  #target(path: string): string {
    return this.to + path.slice(this.from.length);
  }

  /** Try again for as long as the store is away; waiting clients get the error after a while. What else fails is tried a few times. */
  #patiently(work: () => Promise<unknown>, { signal }: { readonly signal: AbortSignal }): Promise<unknown> {
    const { patienceMs, sleep } = this.#options;
    return callPatiently(work, {
      signal,
      sleep,
      onWait: (error, waitedMs) => {
        if (waitedMs > patienceMs) this.#waiters.reject(this.#delayed(error));
      },
    });
  }

  /** A copy that waits for its store says so to those who wait for it. */
  #noteWait(error: TransferError | undefined): void {
    const now = performance.now();
    if (error === undefined) this.#waitsSince = undefined;
    else this.#waitsSince ??= now;
    if (error && this.#waitsSince !== undefined && now - this.#waitsSince > this.#options.patienceMs)
      this.#waiters.reject(this.#delayed(error));
  }

  #delayed(cause: TransferError): TransferError {
    const why = `the server keeps trying, and ends it without you (${cause.message})`;
    return new TransferError(cause.code, `Cannot ${wordsOf(this).doing} yet: ${why}`, { cause });
  }

  #failed({ path, error }: Failure, count: number, total: number): TransferError {
    const { again, doing, left } = wordsOf(this);
    const why = `${count} of ${total} ${left}, such as "${this.#shown(path)}" (${error.message}); ${again}`;
    return new TransferError(error.code, `Cannot ${doing} whole: ${why}`, { cause: error });
  }
}

interface Failure {
  readonly path: string;
  readonly error: TransferError;
}
