/** One transfer as the engine's worker holds it: what is shown, and what is needed to go on. */

import {
  type ConflictPolicy,
  defaultConflict,
  type PartDigest,
  type RunProgress,
  TransferError,
  type WakeOptions,
  type WireUpload,
} from "@naru/core";
import type { MarkedEntry } from "./idb-journal.ts";
import type { RowState, SendConflict, TransferRow } from "./transfers.ts";

/** What can be done with a row that runs. */
export interface Running {
  pause(): void;
  resume(): void;
  cancel(): Promise<void>;
  wake(options?: WakeOptions): void;
}

const ended: ReadonlySet<RowState> = new Set(["done", "cancelled", "failed"]);
/** Closing the tab while a row is in one of these stops bytes. */
const sending: ReadonlySet<RowState> = new Set([
  "waiting",
  "scanning",
  "checking",
  "uploading",
  "downloading",
  "offline",
  "verifying",
]);

/** What is known of a download when it is asked for. */
type Asked = Pick<MarkedEntry, "key" | "path" | "name" | "size" | "created" | "drop">;

/** A transfer that this tab owns. */
export class Row {
  readonly key: string;
  readonly path: string;
  readonly name: string;
  direction: TransferRow["direction"];
  folder: TransferRow["folder"];
  maySave: TransferRow["maySave"];
  unverified: TransferRow["unverified"];
  /** Where it arrived. */
  storedPath: string | undefined;
  /** Of a file that comes by SFTP or FTP it may grow. */
  size: number;
  readonly type: string | undefined;
  readonly created: number;
  /** Shared by the files that were chosen together. */
  readonly drop: string | undefined;
  /** What a page sees of its drop; one object for all rows of it, which is posted once. */
  group: TransferRow["group"];
  /** Its place in the queue: the lowest is sent first. */
  order: number;
  lastModified: number | undefined;
  id: string | undefined;
  state: RowState = "waiting";
  confirmed = 0;
  inFlight = 0;
  speed = 0;
  secondsLeft: number | undefined;
  error: TransferRow["error"];
  needs: TransferRow["needs"];
  door: TransferRow["door"];
  route: TransferRow["route"];
  /** Parts of it that are on their way. */
  connections = 0;
  expires: Date | undefined;
  file: File | undefined;
  handle: FileSystemFileHandle | undefined;
  running: Running | undefined;
  /** Bytes that this row sent in this run, for the meter. */
  bytesSent = 0;
  /** The file was compared with a part that the store holds. */
  verified = false;
  /** In the journal: it comes back after a reload. */
  kept = true;
  /** The epoch of the lease under which this tab sends it, or saw it. */
  epoch: number | undefined;
  /** Another holds the lease: this row only follows. */
  elsewhere = false;
  /** A small file that is sent alone, since its batch failed. */
  alone = false;
  /** Back from before a reload: it may have arrived without our knowing. */
  returned = false;
  /** Where it arrived, which need not be where it was to go. */
  arrivedAs: string | undefined;
  /** What becomes of it when its name is taken. */
  conflict: SendConflict | undefined;
  /** It was there already with the same bytes. */
  same = false;
  /** Of a small file, once it is known. */
  digest: PartDigest | undefined;

  constructor(entry: Omit<MarkedEntry, "owner" | "user">) {
    this.key = entry.key;
    this.path = entry.path;
    this.name = entry.name;
    this.size = entry.size;
    this.type = entry.type;
    this.created = entry.created;
    this.order = entry.created;
    this.drop = entry.drop;
    if (entry.drop !== undefined) this.group = { id: entry.drop, to: entry.to };
    this.digest = entry.digest;
    this.arrivedAs = entry.arrivedAs;
    this.lastModified = entry.lastModified;
    this.id = entry.uploadId;
    this.handle = entry.handle;
    this.conflict = entry.conflict;
  }

  /** Make the row of a download. */
  static down({ key, path, name, size, created, drop }: Asked): Row {
    const own = { type: undefined, lastModified: undefined, uploadId: undefined, handle: undefined };
    const row = new Row({ key, path, name, size, created, drop, ...own });
    row.direction = "down";
    return row;
  }

  get ended(): boolean {
    return ended.has(this.state);
  }

  get sending(): boolean {
    return sending.has(this.state) && !this.elsewhere;
  }

  /** Take over what the engine says. */
  apply(progress: RunProgress<RowState> & { readonly id?: string | undefined }): void {
    this.id = progress.id ?? this.id;
    this.state = progress.state;
    // Until the store was asked, what it said last is nearer than nothing.
    this.confirmed = progress.state === "checking" ? Math.max(this.confirmed, progress.confirmed) : progress.confirmed;
    this.inFlight = progress.inFlight;
    this.speed = progress.speed;
    this.secondsLeft = progress.secondsLeft;
    this.error = progress.error && plainError(progress.error);
  }

  /** Take over what the server says. */
  applyServer(upload: WireUpload): void {
    this.id = upload.id;
    this.confirmed = upload.confirmed;
    this.expires = new Date(upload.expires);
    this.door = upload.door;
    if (upload.door !== undefined) this.size = upload.size;
  }

  /** Stop where it is. */
  rest(state: RowState, { error, needs }: Partial<Pick<Row, "error" | "needs">> = {}): void {
    this.state = state;
    this.error = error;
    this.needs = needs;
    this.inFlight = 0;
    this.speed = 0;
    this.secondsLeft = undefined;
  }

  /** What a page sees. */
  view(): TransferRow {
    const {
      key,
      direction,
      folder,
      maySave,
      unverified,
      id,
      path,
      name,
      size,
      state,
      confirmed,
      inFlight,
      speed,
      secondsLeft,
      error,
      needs,
      door,
      route,
      connections,
      expires,
      elsewhere,
      storedPath,
      same,
      group,
      order,
    } = this;
    return {
      key,
      direction,
      folder,
      maySave,
      unverified,
      id,
      path,
      name,
      size,
      state,
      confirmed,
      inFlight,
      speed,
      secondsLeft,
      error,
      needs,
      door,
      route,
      connections: connections === 0 ? undefined : connections,
      expires,
      elsewhere,
      taken: elsewhere,
      storedPath: storedPath === path ? undefined : storedPath,
      same: same ? true : undefined,
      group,
      order,
    };
  }
}

/** Make an error that can be posted. */
export function plainError(error: unknown): { code: TransferError["code"]; message: string } {
  if (error instanceof TransferError) return { code: error.code, message: error.message };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}

/** What the server is told to do when the row's name is taken. */
export function policyOf({ conflict }: Pick<Row, "conflict">): ConflictPolicy {
  return conflict === "same" ? "rename" : (conflict ?? defaultConflict.upload);
}
