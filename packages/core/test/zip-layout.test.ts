import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import {
  bytesWithin,
  combineCrc32,
  frame,
  isFramed,
  type ZipEntry,
  ZipLayout,
  ZipNames,
  type ZipPiece,
} from "../src/index.ts";
import { pattern } from "../testing/index.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const GiB = 2 ** 30;
const max32 = 0xffff_ffff;

interface Packed {
  readonly entry: ZipEntry;
  readonly content: Bytes;
}

const fileOf = (name: string, size: number, { known = false } = {}): Packed => {
  const content = pattern(size);
  const entry = { name, size, modified: Date.UTC(2026, 10, 30), crc32: known ? crc32(content) : undefined };
  return { entry, content };
};
const folder = (name: string): Packed => ({ entry: { name, size: 0 }, content: new Uint8Array(0) });

const packed = [
  folder("사진/"),
  fileOf("사진/0 bytes", 0),
  fileOf("사진/one block", 65_535),
  fileOf("사진/one more", 65_536),
  fileOf("사진/known", 70_000, { known: true }),
  fileOf("사진/small", 3),
  fileOf("사진/three blocks", 190_000),
];

/** Read a range as the server does, files in chunks of a size that fits nothing. */
function read(layout: ZipLayout, range: { readonly start: number; readonly end: number }): Buffer {
  const contentOf = (i: number): Bytes => packed[i]?.content ?? new Uint8Array(0);
  const bytesOf = (piece: ZipPiece): Bytes[] => {
    if (piece.of !== "data") return [layout.bytesOf(piece, (i) => crc32(contentOf(i)))];
    const entry = layout.entries[piece.entry] ?? { name: "", size: 0 };
    const content = contentOf(piece.entry);
    if (!isFramed(entry)) return [content.subarray(piece.start, piece.end)];
    const { start, end } = bytesWithin(piece, entry.size);
    const chunks: Bytes[] = [];
    for (let at = start; at < end; at += 40_000) {
      const chunk = content.subarray(at, Math.min(end, at + 40_000));
      chunks.push(...frame(chunk, at, { range: piece, size: entry.size }));
    }
    return chunks;
  };
  return Buffer.concat([...layout.pieces(range)].flatMap(bytesOf));
}

test("any range of an archive is the same bytes as in the whole of it", () => {
  const layout = new ZipLayout(packed.map(({ entry }) => entry));
  const whole = read(layout, { start: 0, end: layout.size });
  expect(whole.length).toBe(layout.size);
  const places = new Set([0, layout.size]);
  for (let i = 0; i <= packed.length; i++) {
    for (const near of [-1, 0, 1, 2, 29, 31, 60, 62, 64, 66, 68, 70]) places.add(layout.offsetOf(i) + near);
  }
  for (let at = 0; at < layout.size; at += 32_749) places.add(at);
  // Around the frames of the last file.
  for (const block of [0, 1, 2]) {
    for (let near = -7; near <= 7; near++) places.add(layout.offsetOf(6) + 60 + block * 65_540 + near);
  }
  const inside = [...places].filter((at) => at >= 0 && at <= layout.size).toSorted((a, b) => a - b);
  for (const [i, start] of inside.entries()) {
    for (const end of [...inside.slice(i + 1, i + 4), ...inside.slice(-2)]) {
      const found = read(layout, { start, end });
      if (!found.equals(whole.subarray(start, end))) throw new Error(`The range ${start} to ${end} is wrong`);
    }
  }
});

const record = (layout: ZipLayout, entry: number): Buffer => {
  const pieces = [...layout.pieces({ start: layout.offsetOf(layout.entries.length), end: layout.size })];
  const piece = pieces.find(({ of, entry: number }) => of === "record" && number === entry);
  if (!piece) throw new Error("there is no such record");
  return Buffer.from(layout.bytesOf(piece, () => 1));
};
const endOf = (layout: ZipLayout): Buffer => {
  const piece = [...layout.pieces({ start: layout.size - 1, end: layout.size })][0];
  const start = layout.size - 98;
  const whole = [...layout.pieces({ start, end: layout.size })].map((one) => layout.bytesOf(one, () => 1));
  expect(piece?.of).toBe("end");
  return Buffer.concat(whole);
};
const plainEnd = (layout: ZipLayout): { readonly count: number; readonly size: number; readonly offset: number } => {
  const end = endOf(layout).subarray(-22);
  return { count: end.readUInt16LE(10), size: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
};
const hasZip64End = (layout: ZipLayout): boolean => endOf(layout).readUInt32LE(0) === 0x0606_4b50;
/** The sizes and the offset in a record's 32-bit fields. */
const fields = (bytes: Buffer): readonly number[] => [20, 24, 42].map((at) => bytes.readUInt32LE(at));

test("64-bit fields are written for what needs them, all three at once, and for nothing else", () => {
  const known = (name: string, size: number): ZipEntry => ({ name, size, crc32: 1 });
  const below = new ZipLayout([known("a", max32 - 1), known("b", 5)]);
  // The second begins beyond what 32 bits can say.
  expect(fields(record(below, 0))).toEqual([max32 - 1, max32 - 1, 0]);
  expect(fields(record(below, 1))).toEqual([max32, max32, max32]);
  expect(record(below, 1).subarray(47, 51).toString("hex")).toBe("01001800");

  const exact = new ZipLayout([known("a", max32), known("b", 5)]);
  expect(fields(record(exact, 0))).toEqual([max32, max32, max32]);
  const three = record(exact, 0).subarray(51);
  expect([0, 8, 16].map((at) => Number(three.readBigUInt64LE(at)))).toEqual([max32, max32, 0]);

  // Framed, a file crosses the border before its own size does.
  const framed = (size: number): ZipLayout => new ZipLayout([{ name: "a", size }]);
  expect(fields(record(framed(4_294_639_629), 0))[1]).toBe(4_294_639_629);
  expect(fields(record(framed(4_294_639_630), 0))[1]).toBe(max32);
});

test("the end has 64-bit records when a number overflows, and true values in the fields that do not", () => {
  const empty = (count: number): ZipLayout =>
    new ZipLayout(Array.from({ length: count }, (_, i) => ({ name: `${i}`, size: 0 })));
  expect([hasZip64End(empty(65_534)), plainEnd(empty(65_534)).count]).toEqual([false, 65_534]);
  const many = empty(65_535);
  expect([hasZip64End(many), plainEnd(many).count]).toEqual([true, 65_535]);
  expect(plainEnd(many).offset).toBe(many.offsetOf(65_535));

  const long = new ZipLayout([{ name: "a", size: 5 * GiB, crc32: 1 }]);
  expect(hasZip64End(long)).toBe(true);
  expect(plainEnd(long)).toEqual({ count: 1, size: 46 + 1 + 28, offset: max32 });
});

test("an archive of 5 TiB has a length, and its last byte is found at once", () => {
  const layout = new ZipLayout([{ name: "a", size: 5 * 1024 * GiB }]);
  const framed = 5 * 1024 * GiB + 5 * Math.ceil((5 * 1024 * GiB) / 65_535);
  expect(layout.size).toBe(30 + 1 + 20 + framed + 24 + 46 + 1 + 28 + 98);
  expect([...layout.pieces({ start: layout.size - 1, end: layout.size })]).toEqual([
    { of: "end", entry: 1, start: 97, end: 98 },
  ]);
  const [data] = layout.pieces({ start: 4 * 1024 * GiB, end: 4 * 1024 * GiB + 1 });
  expect(data).toEqual({ of: "data", entry: 0, start: 4 * 1024 * GiB - 51, end: 4 * 1024 * GiB - 50 });
});

test("CRC-32s of runs combine into that of the whole", () => {
  const bytes = pattern(100_000);
  for (const cut of [0, 1, 7, 65_535, 99_999, 100_000]) {
    const [head, tail] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    expect(combineCrc32(crc32(head), crc32(tail), tail.length)).toBe(crc32(bytes));
  }
});

test("names are composed, unique, and lead nowhere else", () => {
  const names = new ZipNames();
  expect(names.folder("a/")).toBe("a/");
  expect(names.folder("a")).toBeUndefined();
  expect(names.file("a")).toBe("a (2)");
  expect([names.file("x/한글.txt"), names.file("x/한글.txt".normalize("NFD"))]).toEqual([
    "x/한글.txt",
    "x/한글 (2).txt",
  ]);
  expect(names.file("../up")).toBe("_/up");
  expect(names.file("/root//b/./c")).toBe("_/root/_/b/_/c");
  expect(names.file("c:/windows/..\\..\\x\u0007")).toBe("c_/windows/.._.._x_");
  expect(names.file("11:30 ..hidden/...")).toBe("11:30 ..hidden/...");
});
