/**
 * Where everything in a ZIP archive stands, known before a byte of it is read: so that its length can be told, and any range of
 * it be made. Files whose CRC-32 is known are stored; the others are framed (`stored-blocks.ts`), their CRC follows them.
 *
 * @module
 */

import type { ByteRange } from "../store.ts";
import {
  type DirectoryFacts,
  descriptor,
  descriptorSize,
  directoryRecord,
  endOf,
  endSize,
  headerSize,
  localHeader,
  recordSize,
  storedSizeOf,
  type ZipEntry,
  type ZipTimes,
} from "./zip-records.ts";

/** A run of bytes of an archive: some of one thing in it. `start` and `end` count from where that thing begins. */
export interface ZipPiece extends ByteRange {
  readonly of: "header" | "data" | "descriptor" | "record" | "end";
  /** The number of the entry; for the end, of none. */
  readonly entry: number;
}

/** An archive of these entries, in this order. Folders stand before what is in them. */
export class ZipLayout {
  readonly entries: readonly ZipEntry[];
  /** Bytes of the whole archive. */
  readonly size: number;
  readonly #times: ZipTimes;
  /** Where each entry begins, and last where the directory does. */
  readonly #starts: Float64Array;
  /** Where each entry's record in the directory begins, and last where the end does. */
  readonly #records: Float64Array;
  readonly #nameSizes: Uint16Array;

  constructor(entries: readonly ZipEntry[], { zoneMinutes = 0 }: Partial<ZipTimes> = {}) {
    this.entries = entries;
    this.#times = { zoneMinutes };
    this.#nameSizes = Uint16Array.from(entries, ({ name }) => utf8Size(name));
    this.#starts = sums(entries, 0, (entry, i) => {
      return headerSize(entry, this.#nameSize(i)) + storedSizeOf(entry) + descriptorSize(entry);
    });
    const directory = at(this.#starts, entries.length);
    this.#records = sums(entries, directory, (entry, i) => recordSize(entry, this.#nameSize(i), this.offsetOf(i)));
    this.size = at(this.#records, entries.length) + endSize(this.#directory);
  }

  /** Where an entry's local header begins. */
  offsetOf(entry: number): number {
    return at(this.#starts, entry);
  }

  /** What a range of the archive is made of, in order. */
  *pieces({ start, end }: ByteRange): Generator<ZipPiece, void, undefined> {
    const directory = this.offsetOf(this.entries.length);
    if (start < directory) {
      for (let i = lastAtOrBefore(this.#starts, start); i < this.entries.length; i++) {
        if (this.offsetOf(i) >= end) return;
        yield* this.#piecesOf(i, { start, end });
      }
    }
    const first = start < directory ? 0 : lastAtOrBefore(this.#records, start);
    for (let i = first; i < this.entries.length; i++) {
      const from = at(this.#records, i);
      if (from >= end) return;
      yield* clip("record", i, { start: from, end: at(this.#records, i + 1) }, { start, end });
    }
    const last = { start: at(this.#records, this.entries.length), end: this.size };
    yield* clip("end", this.entries.length, last, { start, end });
  }

  /** The bytes of a piece that is not data; `crc32` is asked of entries whose own does not say. */
  bytesOf({ of, entry: number, start, end }: ZipPiece, crc32: (entry: number) => number): Uint8Array<ArrayBuffer> {
    const entry = this.entries[number];
    if (of === "end" || entry === undefined) return endOf(this.#directory).subarray(start, end);
    const crc = (): number => entry.crc32 ?? (entry.size === 0 ? 0 : crc32(number));
    if (of === "header") return localHeader(entry, this.#times).subarray(start, end);
    if (of === "descriptor") return descriptor(entry, crc()).subarray(start, end);
    const facts = { ...this.#times, crc32: crc(), offset: this.offsetOf(number) };
    return directoryRecord(entry, facts).subarray(start, end);
  }

  *#piecesOf(i: number, range: ByteRange): Generator<ZipPiece, void, undefined> {
    const entry = this.entries[i];
    if (entry === undefined) return;
    const header = this.offsetOf(i);
    const data = header + headerSize(entry, this.#nameSize(i));
    const behind = data + storedSizeOf(entry);
    yield* clip("header", i, { start: header, end: data }, range);
    yield* clip("data", i, { start: data, end: behind }, range);
    yield* clip("descriptor", i, { start: behind, end: this.offsetOf(i + 1) }, range);
  }

  get #directory(): DirectoryFacts {
    const count = this.entries.length;
    const offset = this.offsetOf(count);
    return { count, offset, size: at(this.#records, count) - offset };
  }

  #nameSize(entry: number): number {
    return this.#nameSizes[entry] ?? 0;
  }
}

/** The part of a thing that lies within a range, if any. */
function* clip(of: ZipPiece["of"], entry: number, thing: ByteRange, range: ByteRange): Generator<ZipPiece> {
  const start = Math.max(thing.start, range.start);
  const end = Math.min(thing.end, range.end);
  if (start < end) yield { of, entry, start: start - thing.start, end: end - thing.start };
}

function sums(
  entries: readonly ZipEntry[],
  start: number,
  sizeOf: (entry: ZipEntry, index: number) => number,
): Float64Array {
  const places = new Float64Array(entries.length + 1);
  places[0] = start;
  for (const [i, entry] of entries.entries()) places[i + 1] = at(places, i) + sizeOf(entry, i);
  return places;
}

function lastAtOrBefore(places: Float64Array, place: number): number {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (at(places, middle) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

function at(places: Float64Array, index: number): number {
  return places[index] ?? 0;
}

const encoder = new TextEncoder();

function utf8Size(text: string): number {
  return encoder.encode(text).length;
}
