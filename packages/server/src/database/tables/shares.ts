import type { Generated } from "../kysely.ts";

/** A link for people without an account. */
export interface ShareRow {
  readonly id: string;
  readonly kind: "share" | "request";
  /** Of the token in its address, SHA-256. */
  readonly hash: string;
  readonly owner: string;
  /** A file, or a folder with its final `/`; "" is all files. */
  readonly path: string;
  readonly title: string;
  readonly note: string;
  /** Kept as those of accounts are. */
  readonly password: string | null;
  readonly created: number;
  readonly expires: number;
  readonly revoked: number | null;
  readonly preview: number;
  readonly max_downloads: number | null;
  readonly downloads: number;
  readonly max_file_size: number | null;
  readonly max_bytes: number | null;
  readonly max_files: number | null;
  /** As JSON. */
  readonly types: string;
  /** As JSON. */
  readonly asks: string;
  readonly sender_folders: number;
}

/** Somebody who came by a link, in one browser. */
export interface ShareGuestRow {
  readonly id: string;
  readonly share: string;
  /** Of the secret in the guest's cookie, SHA-256. */
  readonly hash: string;
  readonly name: string;
  readonly email: string;
  /** Where what the guest sends goes, with its final `/`; of a share, nothing. */
  readonly folder: string;
  /** Of the password that the guest typed: another one is asked for when the link gets another. */
  readonly stamp: string;
  readonly created: number;
}

/** What a guest took of one file or archive. */
export interface ShareDownloadRow {
  readonly id: number;
  readonly share: string;
  readonly guest: string;
  /** Rows of one number count as one download. */
  readonly taking: number;
  readonly path: string;
  readonly etag: string;
  readonly size: number;
  /** That went over the line so far. */
  readonly bytes: number;
  readonly address: string;
  readonly begun: number;
  readonly ended: number | null;
}

/** What a guest sends; until it has arrived it keeps its room of what the link allows. */
export interface ShareFileRow {
  readonly upload: string;
  readonly share: string;
  readonly guest: string;
  readonly path: string;
  readonly size: number;
  readonly crc64: string | null;
  readonly etag: string | null;
  readonly address: string;
  readonly begun: number;
  readonly arrived: number | null;
}

/** The tables of links, their guests, and what these take and send. */
export interface ShareTables {
  readonly shares: ShareRow;
  readonly share_guests: ShareGuestRow;
  readonly share_downloads: Omit<ShareDownloadRow, "id"> & { readonly id: Generated<number> };
  readonly share_files: ShareFileRow;
}
