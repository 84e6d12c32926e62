/**
 * What is in a ZIP file (APPNOTE 6.3.10), by its directory at the end: a few ranges are read, never the whole file. What the
 * file says of itself may be wrong or meant to harm, so every number is checked against the bytes that are there.
 *
 * @module
 */

/** A file or folder in it. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly modified: Date | undefined;
  readonly isFolder: boolean;
  readonly isEncrypted: boolean;
}

export interface ZipDirectory {
  /** The first of them. */
  readonly entries: readonly ZipEntry[];
  /** How many there are, as the file says. */
  readonly count: number;
}

/** Reads bytes from `start` up to `end`. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;

const endSize = 22;
const longestComment = 65_535;
const mostRead = 4 * 1024 * 1024;
const none32 = 0xffff_ffff;

/** Read the directory; `undefined` when it is no ZIP file, or a damaged one. */
export async function readZipDirectory(
  read: ReadRange,
  { size, most }: { readonly size: number; readonly most: number },
): Promise<ZipDirectory | undefined> {
  const tailStart = Math.max(0, size - endSize - longestComment);
  const tail = view(await read(tailStart, size));
  const end = endRecordAt(tail);
  if (end === undefined) return undefined;
  const found = await placeOf(tail, { end, tailStart, size, read });
  if (found === undefined) return undefined;
  const { start, length, count } = found;
  const bytes =
    start >= tailStart
      ? tail.buffer.slice(start - tailStart, start - tailStart + length)
      : await read(start, start + Math.min(length, mostRead));
  return { entries: entriesIn(view(new Uint8Array(bytes)), most), count };
}

interface Place {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** The comment's length says which of several is the record, and not a part of the comment. */
function endRecordAt(tail: DataView<ArrayBuffer>): number | undefined {
  for (let at = tail.byteLength - endSize; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) === 0x0605_4b50 && at + endSize + tail.getUint16(at + 20, true) === tail.byteLength)
      return at;
  }
  return undefined;
}

async function placeOf(
  tail: DataView<ArrayBuffer>,
  {
    end,
    tailStart,
    size,
    read,
  }: { readonly end: number; readonly tailStart: number; readonly size: number; readonly read: ReadRange },
): Promise<Place | undefined> {
  const plain = {
    count: tail.getUint16(end + 10, true),
    length: tail.getUint32(end + 12, true),
    start: tail.getUint32(end + 16, true),
  };
  const locator = end - 20;
  const isLong = locator >= 0 && tail.getUint32(locator, true) === 0x0706_4b50;
  if (!isLong) return checked({ ...plain, start: whereItIs(plain, tailStart + end) }, size);
  const at = uint64(tail, locator + 8);
  if (at + 56 > size) return undefined;
  const record = view(await read(at, at + 56));
  if (record.byteLength < 56 || record.getUint32(0, true) !== 0x0606_4b50) return undefined;
  return checked({ count: uint64(record, 32), length: uint64(record, 40), start: uint64(record, 48) }, size);
}

/** Programs that unpack themselves stand before the archive, and offsets may not count them. */
function whereItIs({ start, length }: Place, end: number): number {
  return start + length === end ? start : end - length;
}

function checked(place: Place, size: number): Place | undefined {
  const { start, length } = place;
  const isInside = Number.isSafeInteger(start + length) && start >= 0 && start + length <= size;
  return isInside ? place : undefined;
}

function entriesIn(directory: DataView<ArrayBuffer>, most: number): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < most && at + 46 <= directory.byteLength; ) {
    if (directory.getUint32(at, true) !== 0x0201_4b50) break;
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const next = at + 46 + name + extra + comment;
    if (next > directory.byteLength) break;
    entries.push(entryAt(directory, at, { name, extra }));
    at = next;
  }
  return entries;
}

function entryAt(
  directory: DataView<ArrayBuffer>,
  at: number,
  lengths: { readonly name: number; readonly extra: number },
): ZipEntry {
  const flags = directory.getUint16(at + 8, true);
  const bytes = new Uint8Array(directory.buffer, directory.byteOffset + at + 46, lengths.name);
  const extras = extrasIn(directory, at + 46 + lengths.name, lengths.extra);
  const size = directory.getUint32(at + 24, true);
  const [long, times] = [extras.get(0x0001), extras.get(0x5455)];
  const name = nameOf(bytes, { isUtf8: (flags & 0x800) !== 0 });
  const seconds =
    times !== undefined && times.byteLength >= 5 && (times.getUint8(0) & 1) === 1 ? times.getInt32(1, true) : undefined;
  return {
    name,
    size: size === none32 && long !== undefined && long.byteLength >= 8 ? uint64(long, 0) : size,
    modified:
      seconds === undefined
        ? dosTime(directory.getUint16(at + 14, true), directory.getUint16(at + 12, true))
        : new Date(seconds * 1000),
    isFolder: name.endsWith("/"),
    isEncrypted: (flags & 1) === 1,
  };
}

function extrasIn(
  directory: DataView<ArrayBuffer>,
  start: number,
  length: number,
): ReadonlyMap<number, DataView<ArrayBuffer>> {
  const extras = new Map<number, DataView<ArrayBuffer>>();
  for (let at = start; at + 4 <= start + length; ) {
    const size = directory.getUint16(at + 2, true);
    if (at + 4 + size > start + length) break;
    extras.set(directory.getUint16(at, true), new DataView(directory.buffer, directory.byteOffset + at + 4, size));
    at += 4 + size;
  }
  return extras;
}

/** Korean Windows writes CP949 and says nothing of it. */
function nameOf(bytes: Uint8Array<ArrayBuffer>, { isUtf8 }: { readonly isUtf8: boolean }): string {
  if (isUtf8) return new TextDecoder().decode(bytes);
  for (const encoding of ["utf-8", "euc-kr"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next one.
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}

/** Local time, of whoever packed it. */
function dosTime(date: number, time: number): Date | undefined {
  if (date === 0) return undefined;
  return new Date(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}

function uint64(of: DataView<ArrayBuffer>, at: number): number {
  return of.getUint32(at + 4, true) * 2 ** 32 + of.getUint32(at, true);
}

function view(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
