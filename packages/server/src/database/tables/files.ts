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
}

/** The tables of what is known of files that their store does not keep. */
export interface FileTables {
  readonly file_facts: FileFactsRow;
}
