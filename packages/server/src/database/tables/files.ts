/** What is known of a file that its store does not keep; it holds while etag and size are the same. */
export interface FileFactsRow {
  readonly path: string;
  readonly etag: string;
  readonly size: number;
  readonly crc64: string | null;
  readonly md5: string | null;
  readonly sha256: string | null;
  /** CRC-32 in 8 hex digits, taken while the file was written. */
  readonly crc32: string | null;
  /** The same, but taken when it was first packed into an archive: its layout there is that of a file whose CRC is not known. */
  readonly packed_crc32: string | null;
  /** When it was modified: as its owner says, else as the store said when it arrived. */
  readonly modified: number | null;
  /** Who brought it, by which door, and when; `null` for what came by another program or an older version. */
  readonly account: string | null;
  readonly door: string | null;
  readonly arrived: number | null;
}

/** Something in the bin: a file or folder that was removed, and can be restored. */
export interface BinItemRow {
  readonly id: string;
  /** Where the store keeps it. */
  readonly place: string;
  /** Where it was, without a final `/`. */
  readonly path: string;
  readonly entry: "file" | "folder";
  /** Of all files in it. */
  readonly size: number;
  readonly files: number;
  readonly account: string;
  readonly door: string;
  readonly removed: number;
  readonly expires: number;
}

/** The tables of what is known of files that their store does not keep. */
export interface FileTables {
  readonly file_facts: FileFactsRow;
  readonly bin_items: BinItemRow;
}
