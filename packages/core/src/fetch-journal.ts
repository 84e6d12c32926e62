/**
 * What is remembered of a fetch over crashes: which ranges are durable at the sink, each with its CRC-64.
 *
 * @module
 */

import type { StoredFile } from "./store.ts";

/** Keeps one note. A page keeps it in IndexedDB, a program in a file beside the half download. */
export interface FetchJournal {
  /** What was saved last, as it comes from outside; `undefined` when there is nothing or it cannot be read. */
  load(): Promise<unknown>;
  /**
   * Keep room for notes as long as this one until it is given back, where the data might leave none. Best effort: never rejects.
   */
  reserve?(longest: FetchNote): Promise<AsyncDisposable>;
  /** Replace the note: whoever loads it later gets this one or the one before, whole, whenever the power fails. */
  save(note: FetchNote): Promise<void>;
  /** Forget the note; a missing one is fine. */
  forget(): Promise<void>;
}

/** Only ranges that are durable are noted. */
export interface FetchNote {
  /** The state of the file that they are of. */
  readonly etag: string;
  readonly size: number;
  readonly rangeSize: number;
  /** The index of each, counted from 0, and its CRC-64/NVME. */
  readonly ranges: readonly (readonly [number, string])[];
}

/** Decode a note; `undefined` for what is none, or none of this state of the file. */
export function decodeFetchNote(value: unknown, { etag, size }: StoredFile): FetchNote | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("etag" in value && "size" in value && "rangeSize" in value && "ranges" in value)) return undefined;
  const { rangeSize, ranges } = value;
  if (value.etag !== etag || value.size !== size || !Array.isArray(ranges)) return undefined;
  if (typeof rangeSize !== "number" || !Number.isSafeInteger(rangeSize) || rangeSize < 1) return undefined;
  const decoded = ranges.map((pair: unknown) => decodeRange(pair, Math.ceil(size / rangeSize)));
  const known = decoded.filter((pair) => pair !== undefined);
  return known.length === decoded.length ? { etag, size, rangeSize, ranges: known } : undefined;
}

function decodeRange(pair: unknown, count: number): readonly [number, string] | undefined {
  if (!Array.isArray(pair)) return undefined;
  const [index, crc64]: unknown[] = pair;
  if (typeof index !== "number" || !Number.isSafeInteger(index) || index < 0 || index >= count) return undefined;
  return typeof crc64 === "string" && /^[0-9a-f]{16}$/.test(crc64) ? [index, crc64] : undefined;
}
