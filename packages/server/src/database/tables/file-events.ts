import type { Generated } from "../kysely.ts";

/** Something that happened to a file or folder: the outbox, written in the transaction that made it so. */
export interface FileEventRow {
  readonly position: number;
  readonly kind: "arrived" | "moved" | "removed" | "begun" | "failed";
  readonly entry: "file" | "folder";
  readonly path: string;
  /** Of what moved: where it was. */
  readonly source: string | null;
  readonly size: number | null;
  readonly etag: string | null;
  readonly account: string;
  readonly door: string;
  /** The upload that it came by, if it was one. */
  readonly upload: string | null;
  readonly at: number;
}

/** A change that was begun at the store, and is not known to have happened or not. */
export interface FileChangeRow {
  readonly id: string;
  /** `Change` as JSON. */
  readonly change: string;
  readonly begun: number;
}

/** The last event that was forgotten: one row. */
interface FileEventsPrunedRow {
  readonly position: number;
}

/** The tables of what happens to files. */
export interface FileEventTables {
  readonly file_events: Omit<FileEventRow, "position"> & { readonly position: Generated<number> };
  readonly file_changes: FileChangeRow;
  readonly file_events_pruned: FileEventsPrunedRow;
}
