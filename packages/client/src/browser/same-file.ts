/** Is a large file at the server already? Only asked of one that had arrived before a reload, or whose name is taken. */

import { combineAllCrc64, MiB, type PartDigest, type StoredFile, toStoredFile } from "@naru/core";
import type { NaruApi } from "../api.ts";
import type { Row } from "./row.ts";

const pieceSize = 16 * MiB;

export interface SameFileOptions {
  readonly api: Pick<NaruApi, "stat">;
  readonly digest: (piece: Blob) => Promise<PartDigest>;
}

/** The file that arrived, if it is still there with these bytes: all of them are read, and their checksum compared. */
export async function sameFile(row: Row, file: File, options: SameFileOptions): Promise<StoredFile | undefined> {
  const there = await options.api.stat(row.arrivedAs ?? row.path);
  if (there === undefined || there.size !== file.size) return undefined;
  if (there.crc64 === undefined) return hasSameTime(row, file, there) ? toStoredFile(there) : undefined;
  const pieces: { crc64: string; size: number }[] = [];
  for (let at = 0; at < file.size; at += pieceSize) {
    // It was paused or cancelled meanwhile.
    if (row.state !== "checking") return undefined;
    const piece = file.slice(at, at + pieceSize);
    pieces.push({ crc64: (await options.digest(piece)).crc64, size: piece.size });
  }
  return combineAllCrc64(pieces) === there.crc64 ? toStoredFile(there) : undefined;
}

/** Where the store knows no checksum, size and time are all there is to compare; they are no reason not to replace a file. */
function hasSameTime({ conflict }: Row, file: File, { modified }: { readonly modified: string }): boolean {
  return conflict === "same" && Date.parse(modified) === file.lastModified;
}

/** A file that was perhaps stored before a reload, or whose name was found taken, is compared before it is sent. */
export function mayBeThere({ id, returned, conflict }: Row): boolean {
  return id === undefined && (returned || conflict === "same" || conflict === "overwrite");
}
