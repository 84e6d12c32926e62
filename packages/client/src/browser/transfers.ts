/**
 * What a page sees of the transfers: rows to show and verbs to call. `openTransfers()` (in `open-transfers.ts`) gives
 * one; the engine behind it runs in a worker, the journal in IndexedDB, and one tab owns each transfer.
 *
 * @module
 */

import type { ConflictPolicy, FailureCode, FetchState, StoredFile, TransferState } from "@naru/core";
import type { TransferHistory } from "./history.ts";

/** Everything a row can be in: the engine's states and the page's own. */
export type RowState = TransferState | FetchState | "scanning" | "needs-file";

/** The files that were chosen or dropped together. */
export interface TransferGroup {
  readonly id: string;
  /** The folder that they are sent to, "" or "a/b/"; unknown of what an older page began. */
  readonly to?: string | undefined;
}

export interface TransferRow {
  /** Local and stable over reloads. */
  readonly key: string;
  /** Which way its bytes go; "up" where it is not said. */
  readonly direction?: "up" | "down" | undefined;
  /** Of a download: the name of the chosen folder that it goes to. */
  readonly folder?: string | undefined;
  /** Of a download that has arrived: the server knows no checksum to compare it with. */
  readonly unverified?: boolean | undefined;
  /** Of a download that has arrived: `save` gives it to the browser once more. */
  readonly maySave?: boolean | undefined;
  /** The upload's id at the server, once there is one. */
  readonly id?: string | undefined;
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly state: RowState;
  readonly confirmed: number;
  readonly inFlight: number;
  /** Bytes per second, smoothed. */
  readonly speed: number;
  readonly secondsLeft?: number | undefined;
  readonly error?: { readonly code: FailureCode; readonly message: string } | undefined;
  /** What it takes to go on from `needs-file`: one click (a kept handle asks for permission) or choosing the file again. */
  readonly needs?: "permission" | "file" | "sender" | undefined;
  /** How it comes when it `needs` its `sender`: an SFTP or FTP client is writing it, and can alone go on. */
  readonly door?: string | undefined;
  /** Another tab of this browser is sending it, or the agent to which it was offered. */
  readonly elsewhere: boolean;
  /** It is the agent, and `takeBack` brings it back. */
  readonly taken?: boolean | undefined;
  /** Where it arrived, if that is not `path`: the name was taken. */
  readonly storedPath?: string | undefined;
  /** It was there already with the same bytes, and was not sent. */
  readonly same?: boolean | undefined;
  /** Straight to the store, through the server, or some parts this way and some that. */
  readonly route?: "direct" | "proxy" | "both" | undefined;
  /** Parts that are on their way, each over a connection. */
  readonly connections?: number | undefined;
  /** When the server forgets what it holds. */
  readonly expires?: Date | undefined;
  /** With what it was chosen. */
  readonly group?: TransferGroup | undefined;
  /** Its place in the queue, the lowest first; `move` changes it. */
  readonly order?: number | undefined;
}

/** What is done with all rows of a group. */
export type GroupVerb = "pause" | "resume" | "retry" | "cancel";

/**
 * What becomes of a file whose name is taken. `same` sends it under another name, but not at all when the file that has the
 * name holds the same bytes; `overwrite` does not send the same bytes either.
 */
export type SendConflict = ConflictPolicy | "same";

/** A file to send: with its handle where the browser gives one. `path` is relative to the destination folder. */
export interface Incoming {
  readonly path: string;
  readonly file: File;
  readonly handle?: FileSystemFileHandle | undefined;
  /** An upload begun elsewhere to go on with: only parts that it has not got are sent. */
  readonly upload?: string | undefined;
  /** Its own, in place of that of its drop. */
  readonly conflict?: SendConflict | undefined;
}

/** How files are added. */
export interface AddOptions {
  /** The folder they go to: "" or "a/b/". */
  readonly to: string;
  /** What becomes of taken names: `rename` unless it is said. */
  readonly conflict?: SendConflict | undefined;
}

/** What it takes to carry a row on elsewhere. */
export interface HandedOver {
  readonly path: string;
  readonly file: File;
  /** Its upload at the server, if there is one. */
  readonly upload?: string | undefined;
}

/**
 * Totals over all rows, so that a page need not add up 5,000 of them. `done` and the bytes are those of the batch on its way
 * or last sent: what had ended before it began does not count.
 */
export interface Totals {
  readonly active: number;
  /** Those of the active and waiting ones that are downloads. */
  readonly down?: number | undefined;
  /** Those of the active ones that another tab or the agent sends. */
  readonly elsewhere: number;
  readonly waiting: number;
  readonly done: number;
  readonly failed: number;
  readonly needsFile: number;
  readonly size: number;
  readonly confirmed: number;
  readonly inFlight: number;
  readonly speed: number;
  readonly secondsLeft?: number | undefined;
  /** False while closing this tab would stop bytes. */
  readonly mayClose: boolean;
  /** Why parts go through the server although the store can sign: its CORS does not admit this page. */
  readonly fallback?: "cors" | undefined;
}

/** What changed since the last tick; at most four a second. */
export interface Tick {
  readonly rows: readonly TransferRow[];
  readonly removed: readonly string[];
  readonly totals: Totals;
  /** Files that have arrived since the last tick. */
  readonly arrived: readonly StoredFile[];
}

export interface Transfers {
  /** Queue files. Those that match an unfinished upload that needs its file go on with it. */
  add(files: Iterable<Incoming> | AsyncIterable<Incoming>, options: AddOptions): Promise<void>;
  /**
   * Download files by their paths, and folders, whose paths end with `/`: into the chosen folder as a tree, else the browser
   * saves each once it is whole. For a folder to write in call it from a click.
   *
   * @throws {TransferError} `unsupported` where the browser gives the page no files of its own, `no-space` when they would
   *   not fit: then nothing has begun; `not-found`
   */
  download(
    paths: readonly string[],
    options?: { readonly into?: FileSystemDirectoryHandle | undefined },
  ): Promise<void>;
  /** Have the browser save a download once more: what it is asked for right after the first time may be refused. */
  save(key: string): Promise<void>;
  pause(key: string): void;
  pauseAll(): void;
  resumeAll(): void;
  /** Go on; for `needs: "permission"` call it from a click. */
  resume(key: string): Promise<void>;
  retry(key: string): Promise<void>;
  /** Try again whatever failed. */
  retryAll(): void;
  /** Hold all uploads together to a speed, and all downloads, in bytes per second; `undefined` is no limit. Kept over visits. */
  setLimit(bytesPerSecond: number | undefined): void;
  /** The speed that transfers are held to, in bytes per second. */
  readonly limit: number | undefined;
  cancel(key: string): Promise<void>;
  /** Do something with all rows of a group that it can be done with. */
  withGroup(group: string, verb: GroupVerb): Promise<void>;
  /** Give a row, by its key, or all rows of a group, by its id, another `order`: between those of its new neighbours. */
  move(unit: string, order: number): Promise<void>;
  /** Stop sending a row of this tab and give its file, so that the desktop agent carries it on. */
  handOverFile(key: string): Promise<HandedOver>;
  /**
   * Let the desktop agent take a row of this tab over at the server: the id of its upload, which is made if need be;
   * `undefined` while it is just being made. The row goes on until the agent takes it, and then follows it to the end.
   */
  handOverUpload(key: string): Promise<string | undefined>;
  /** Go on from here with a row that the agent has taken over: it stops there, and no part is sent twice. */
  takeBack(key: string): Promise<void>;
  /** Take a row that was handed over off the list; its upload stays. */
  release(key: string): Promise<void>;
  /**
   * Give a chosen file to a row that needs one: checked by name, size, mtime and the MD5 of a part already stored.
   *
   * @throws {TransferError} `file-changed` when it is another file
   */
  choose(key: string, chosen: Incoming): Promise<void>;
  /**
   * Give chosen files to all rows that need theirs, matched by name, size and modification time: of a folder that is
   * dropped again each row takes its own. Other files are left alone. Returns how many rows got their file.
   */
  chooseAll(files: Iterable<Incoming> | AsyncIterable<Incoming>): Promise<number>;
  /**
   * Resolves when subscribers have been told of the unfinished uploads that the server knew of when the page was opened; at
   * once where it cannot be asked.
   */
  listed(): Promise<void>;
  /** Take finished and cancelled rows off the list. */
  clear(): void;
  /** Open what this browser has kept of the user's finished transfers. */
  history(): Promise<TransferHistory>;
  /** Called with all rows at once, then with what changes. Returns the way to stop. */
  subscribe(listener: (tick: Tick) => void): () => void;
  close(): void;
}

export interface OpenTransfersOptions {
  /** The server, e.g. `location.origin`. */
  readonly origin: string;
  /** Whose journal: the signed-in user. */
  readonly user: string;
  /** Makes the engine's worker; a bundler needs the `new Worker(new URL(...))` to stand in the page's own code. */
  readonly worker?: (() => Worker) | undefined;
}
