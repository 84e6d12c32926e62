import type { FileChanges, FileChangesOptions } from "./file-changes.ts";
import type { FolderMoveLedger } from "./folder-move-ledger.ts";

export interface FolderMovesOptions extends FileChangesOptions {
  readonly files: FileChanges;
  readonly folderMoves: FolderMoveLedger;
  /** After how long waiting clients get an error that says that the store is away. */
  readonly patienceMs?: number | undefined;
}
