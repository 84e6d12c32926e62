import type { Files, Store, StoredFile } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { Log } from "../log.ts";
import type { MountedStore } from "../served-store.ts";
import type { BinItems } from "./bin-items.ts";
import type { ChangeJournal } from "./change-journal.ts";
import type { FileEvents, Report } from "./file-events.ts";
import type { FileFacts } from "./file-facts.ts";
import type { PathLock } from "./path-lock.ts";

/** The record of uploads, as far as the catalogue has to do with it. */
export interface UploadRecords {
  /** Whether an unfinished upload is on its way to a path. */
  isAwaited(path: string): Promise<boolean>;
  /** Whether an upload of `owner` is on its way to a path that begins so. */
  isAwaitedBelow(owner: string, prefix: string): Promise<boolean>;
  /** The upload has become this file. */
  noteArrived(id: string, file: StoredFile, db: Database): Promise<void>;
}

export interface ChangesOptions {
  readonly store: Store & Files & Partial<Pick<MountedStore, "isFixed">>;
  readonly paths: PathLock;
  readonly facts: FileFacts;
  readonly events: FileEvents;
  readonly journal: ChangeJournal;
  readonly uploads: UploadRecords;
  readonly bin: BinItems;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/** Says in a transaction what a change came to. */
export type Note = (db: Database, report: Report) => Promise<void>;
