export interface UploadRow {
  readonly id: string;
  readonly owner: string;
  /** The upload's id at the store. */
  readonly store_id: string;
  readonly path: string;
  readonly size: number;
  /** `planned`: cut into parts of `part_size`. `growing`: it comes by the gateway, without a plan; see its arrival. */
  readonly kind: "planned" | "growing";
  readonly part_size: number;
  readonly type: string | null;
  readonly modified: string | null;
  readonly conflict: "fail" | "rename" | "overwrite";
  readonly created: number;
  readonly expires: number;
  readonly epoch: number;
  readonly confirmed: number;
  /** `piped`: a whole body on its way through this process; nobody can resume it. */
  readonly state: "open" | "complete" | "piped";
  /** The finished file as JSON, once the state is `complete`. */
  readonly file: string | null;
}

export interface PartDigestRow {
  readonly upload: string;
  readonly number: number;
  readonly md5: string | null;
  readonly crc64: string | null;
  readonly etag: string | null;
  /** CRC-32 in 8 hex digits, of a part whose bytes went through this server. */
  readonly crc32: string | null;
}

/** What the gateway adds to an upload that came by SFTP or FTP: its size may be unknown, and it has no fixed plan. */
export interface ArrivalRow {
  readonly upload: string;
  /** Its name. */
  readonly door: string;
  /** What its owner calls it while it is on its way: `a.bin.filepart` of an upload to `a.bin`. */
  readonly name: string;
  /** The size of parts where the store wants them equal. */
  readonly part_size: number;
  readonly size_known: number;
  /** Up to here its owner need not send again. */
  readonly durable: number;
  /** Bytes after the last part that are kept as hidden files, `KeptTail` as JSON. */
  readonly tail: string;
  /** When its client closed it, if it waits for its final name since. */
  readonly finished: number | null;
  /** 1 while it is made of a finished file that stands under its name: cut off, it is nothing to resume. */
  readonly edit: number;
}

/** The tables of uploads and the gateway's arrivals. */
export interface UploadTables {
  readonly uploads: UploadRow;
  readonly part_digests: PartDigestRow;
  readonly arrivals: ArrivalRow;
}
