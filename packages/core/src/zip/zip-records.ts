/**
 * The records of a ZIP archive (APPNOTE.TXT 6.3.10): local headers (4.3.7), data descriptors (4.3.9), the directory (4.3.12) and
 * its end (4.3.14 to 4.3.16), with ZIP64 (4.5.3) and the time of Info-ZIP (0x5455). Which field is written when follows what
 * readers take, not only what the format allows: see `docs/decisions/025-downloads-by-address.md`.
 *
 * @module
 */

import { framedSize } from "./stored-blocks.ts";

/** A file or, with a final `/` in its name, a folder. */
export interface ZipEntry {
  /** In UTF-8 at most 65,535 bytes. */
  readonly name: string;
  /** Bytes; 0 for a folder. */
  readonly size: number;
  /** In milliseconds since 1970; for an entry without one it is 1980 began. */
  readonly modified?: number | undefined;
  /** Where it is known before the archive begins. */
  readonly crc32?: number | undefined;
}

export const max32 = 0xffff_ffff;
export const max16 = 0xffff;
const stored = 0;
const deflated = 8;
const utf8Names = 0x0800;
const describedLater = 0x0008;
const unix = 3 << 8;

/** Whether the CRC follows the data: they are framed then, so that a stream's reader finds their end. */
export function isFramed({ name, size, crc32 }: ZipEntry): boolean {
  return crc32 === undefined && size > 0 && !name.endsWith("/");
}

/** Bytes of its data in the archive. */
export function storedSizeOf(entry: ZipEntry): number {
  return isFramed(entry) ? framedSize(entry.size) : entry.size;
}

function isWide(entry: ZipEntry): boolean {
  return storedSizeOf(entry) >= max32;
}

export function headerSize(entry: ZipEntry, nameSize: number): number {
  return 30 + nameSize + (isWide(entry) ? 20 : 0) + timeOf(entry).length;
}

export function descriptorSize(entry: ZipEntry): number {
  if (!isFramed(entry)) return 0;
  return isWide(entry) ? 24 : 16;
}

export function recordSize(entry: ZipEntry, nameSize: number, offset: number): number {
  return 46 + nameSize + (isWide(entry) || offset >= max32 ? 28 : 0) + timeOf(entry).length;
}

const encoder = new TextEncoder();

/** How the times of an archive are written. */
export interface ZipTimes {
  /** Of the clock that DOS times are told by, in minutes east of UTC. */
  readonly zoneMinutes: number;
}

/** What stands before the data. Sizes that follow in the descriptor are 0 here. */
export function localHeader(entry: ZipEntry, { zoneMinutes }: ZipTimes): Uint8Array<ArrayBuffer> {
  const name = encoder.encode(entry.name);
  const time = timeOf(entry);
  const wide = isWide(entry);
  const known = isFramed(entry) ? 0 : entry.size;
  const out = new RecordWriter(headerSize(entry, name.length));
  out.four(0x0403_4b50);
  common(out, entry, { wide, zoneMinutes, crc32: isFramed(entry) ? 0 : (entry.crc32 ?? 0) });
  out.four(wide ? max32 : known).four(wide ? max32 : known);
  out.two(name.length).two((wide ? 20 : 0) + time.length);
  out.bytes(name);
  if (wide) out.two(0x0001).two(16).eight(known).eight(known);
  return out.bytes(time).done();
}

/** What stands behind framed data. */
export function descriptor(entry: ZipEntry, crc32: number): Uint8Array<ArrayBuffer> {
  const out = new RecordWriter(descriptorSize(entry)).four(0x0807_4b50).four(crc32);
  return isWide(entry)
    ? out.eight(storedSizeOf(entry)).eight(entry.size).done()
    : out.four(storedSizeOf(entry)).four(entry.size).done();
}

export interface RecordFacts extends ZipTimes {
  readonly crc32: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** An entry's record in the directory. */
export function directoryRecord(entry: ZipEntry, { crc32, offset, zoneMinutes }: RecordFacts): Uint8Array<ArrayBuffer> {
  const name = encoder.encode(entry.name);
  const time = timeOf(entry);
  const isFolder = entry.name.endsWith("/");
  // All three or none: unzip reads them by position.
  const wide = isWide(entry) || offset >= max32;
  const out = new RecordWriter(recordSize(entry, name.length, offset));
  out.four(0x0201_4b50).two(unix | (wide ? 45 : 20));
  common(out, entry, { wide, zoneMinutes, crc32 });
  out.four(wide ? max32 : storedSizeOf(entry)).four(wide ? max32 : entry.size);
  out
    .two(name.length)
    .two((wide ? 28 : 0) + time.length)
    .two(0)
    .two(0)
    .two(0);
  // The mode, and the bit of MS-DOS that says folder.
  out.four(isFolder ? ((0o040755 << 16) | 0x10) >>> 0 : (0o100644 << 16) >>> 0);
  out.four(wide ? max32 : offset).bytes(name);
  if (wide) out.two(0x0001).two(24).eight(entry.size).eight(storedSizeOf(entry)).eight(offset);
  return out.bytes(time).done();
}

export interface DirectoryFacts {
  readonly count: number;
  /** Where the directory begins. */
  readonly offset: number;
  readonly size: number;
}

/** How long the end is. */
export function endSize(directory: DirectoryFacts): number {
  return needsZip64(directory) ? 98 : 22;
}

/** What ends the archive. Plain fields hold true values unless they overflow: BusyBox heeds no others. */
export function endOf(directory: DirectoryFacts): Uint8Array<ArrayBuffer> {
  const { count, offset, size } = directory;
  const out = new RecordWriter(endSize(directory));
  if (needsZip64(directory)) {
    out
      .four(0x0606_4b50)
      .eight(44)
      .two(unix | 45)
      .two(45)
      .four(0)
      .four(0);
    out.eight(count).eight(count).eight(size).eight(offset);
    out
      .four(0x0706_4b50)
      .four(0)
      .eight(offset + size)
      .four(1);
  }
  const shortCount = Math.min(count, max16);
  out.four(0x0605_4b50).two(0).two(0).two(shortCount).two(shortCount);
  return out.four(Math.min(size, max32)).four(Math.min(offset, max32)).two(0).done();
}

function needsZip64({ count, offset, size }: DirectoryFacts): boolean {
  return count >= max16 || offset >= max32 || size >= max32;
}

/** What local header and directory have alike, from the version needed to the CRC. */
function common(
  out: RecordWriter,
  entry: ZipEntry,
  { wide, crc32, zoneMinutes }: ZipTimes & { readonly wide: boolean; readonly crc32: number },
): void {
  const framed = isFramed(entry);
  const [date, time] = dosTime(entry.modified, zoneMinutes);
  out
    .two(wide ? 45 : 20)
    .two(framed ? utf8Names | describedLater : utf8Names)
    .two(framed ? deflated : stored);
  out.two(time).two(date).four(crc32);
}

const noTime = new Uint8Array(0);

/** The time in seconds since 1970. Some readers look for it in the header, some in the directory; it is the same in both. */
function timeOf({ modified }: ZipEntry): Uint8Array {
  const seconds = Math.floor((modified ?? -1) / 1000);
  if (seconds < 0 || seconds > 0x7fff_ffff) return noTime;
  return new RecordWriter(9)
    .two(0x5455)
    .two(5)
    .bytes(new Uint8Array([1]))
    .four(seconds)
    .done();
}

const firstDosTime = Date.UTC(1980, 0, 1);
const lastDosTime = Date.UTC(2107, 11, 31, 23, 59, 58);

function dosTime(modified: number = firstDosTime, zoneMinutes: number): readonly [date: number, time: number] {
  const at = new Date(Math.min(lastDosTime, Math.max(firstDosTime, modified + zoneMinutes * 60_000)));
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return [date, (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)];
}

/** Writes little-endian numbers one after another. */
class RecordWriter {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  two(value: number): this {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  four(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  eight(value: number): this {
    return this.four(value % 2 ** 32).four(Math.floor(value / 2 ** 32));
  }

  bytes(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }
}
