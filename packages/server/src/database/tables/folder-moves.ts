/** A folder that is being renamed, file by file; `failed` when some of it could not be moved. */
export interface FolderMoveRow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly begun: number;
  readonly state: "open" | "failed";
  /** 1 where the folder is copied: what is at the source stays. */
  readonly copies: 0 | 1;
  /** Who asked for it, and by which door. */
  readonly account: string;
  readonly door: string;
  /** The etag of the file at the target that is replaced. */
  readonly replaces: string | null;
}

/** What is left to move of a folder; folders have a final `/`. */
interface FolderMovePathRow {
  readonly move: string;
  readonly path: string;
  /** The upload by which a large file is copied, and the etag of what it copies. */
  readonly upload: string | null;
  readonly etag: string | null;
}

/** The tables of folders that are being renamed. */
export interface FolderMoveTables {
  readonly folder_moves: FolderMoveRow;
  readonly folder_move_paths: FolderMovePathRow;
}
