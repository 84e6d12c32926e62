import { expect, test } from "vitest";
import { zipFile } from "../../../test/harness/preview-files.ts";
import { csvRows } from "../src/preview/csv-rows.ts";
import { TextReading } from "../src/preview/text-reading.ts";
import { type ReadRange, readZipDirectory } from "../src/preview/zip-directory.ts";

const bytes = (...of: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(of);
const text = (of: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(of);
const reading = (of: Uint8Array<ArrayBuffer>): string | undefined => {
  const found = TextReading.of(of, { last: true });
  return found && `${found.encoding}: ${found.read(of, { last: true })}`;
};

test("the encoding of a text is found by its mark, or by what its bytes can be", () => {
  expect(reading(text("한글"))).toBe("utf-8: 한글");
  expect(reading(bytes(0xb0, 0xa1, 0xb3, 0xaa))).toBe("euc-kr: 가나");
  expect(reading(bytes(0xff, 0xfe, 0x00, 0xac))).toBe("utf-16le: 가");
  expect(reading(bytes(0xfe, 0xff, 0xac, 0x00))).toBe("utf-16be: 가");
  expect(reading(bytes(0x63, 0x61, 0x66, 0xe9))).toBe("windows-1252: café");
  expect(reading(bytes(0x1b, 0x5b, 0x31, 0x6d, 0x09, 0x0a))).toBe("utf-8: \x1b[1m\t\n");
});

test("what is no text is not taken for one", () => {
  expect(reading(bytes(0x50, 0x4b, 3, 4, 0, 0))).toBeUndefined();
  expect(reading(bytes(1, 2, 3, 4, 5, 6, 7, 8))).toBeUndefined();
});

test("a letter that is cut between two pieces is read whole", () => {
  const whole = text("a한");
  const found = TextReading.of(whole.subarray(0, 2), { last: false });
  expect(found?.read(whole.subarray(0, 2), { last: false })).toBe("a");
  expect(found?.read(whole.subarray(2), { last: true })).toBe("한");
});

const all = { isCut: false, mostRows: 100, mostCells: 10 };

test("cells are told apart by the separator that the file uses, in quotes or not", () => {
  expect(csvRows('a,"b ""x"", y",c\r\n1,"2\n2",3', all).rows).toEqual([
    ["a", 'b "x", y', "c"],
    ["1", "2\n2", "3"],
  ]);
  for (const separator of [";", "\t", "|"])
    expect(csvRows(`a${separator}b\n1,5${separator}2`, all).rows).toEqual([
      ["a", "b"],
      ["1,5", "2"],
    ]);
  expect(csvRows("\n\n", all).rows).toEqual([]);
});

test("a table that is cut says so, and leaves its half row out", () => {
  expect(csvRows("a,b\nc,d", { ...all, isCut: true })).toEqual({ rows: [["a", "b"]], isCut: true });
  expect(csvRows("a\nb\nc\n", { ...all, mostRows: 2 })).toEqual({ rows: [["a"], ["b"]], isCut: true });
  expect(csvRows("a,b,c", { ...all, mostCells: 2 })).toEqual({ rows: [["a", "b"]], isCut: true });
  expect(csvRows("a\nb\n", all).isCut).toBe(false);
});

/** Reads a file in memory, and counts. */
function readerOf(file: Buffer): { read: ReadRange; readonly ranges: [number, number][] } {
  const ranges: [number, number][] = [];
  const read: ReadRange = async (start, end) => {
    ranges.push([start, end]);
    return new Uint8Array(file.subarray(start, end));
  };
  return { read, ranges };
}

const entry = (name: string, size = 3): { name: Buffer; body: Buffer } => ({
  name: Buffer.from(name),
  body: Buffer.alloc(size, "x"),
});

test("a ZIP's directory is read from its end, also behind a program and before a comment", async () => {
  for (const options of [{}, { comment: "PK\x05\x06 is no end" }, { before: Buffer.alloc(1000) }]) {
    const file = zipFile([entry("a/", 0), entry("a/b.txt")], options);
    const found = await readZipDirectory(readerOf(file).read, { size: file.length, most: 10 });
    expect(found?.count).toBe(2);
    expect(found?.entries.map(({ name, size, isFolder }) => [name, size, isFolder])).toEqual([
      ["a/", 0, true],
      ["a/b.txt", 3, false],
    ]);
    expect(found?.entries[0]?.modified).toEqual(new Date(2026, 10, 30, 11, 30));
  }
});

test("a directory that is longer than the end of the file is read by a range of its own", async () => {
  const file = zipFile(Array.from({ length: 2000 }, (_, index) => entry(`${index}`.padStart(50, "0"))));
  const { read, ranges } = readerOf(file);
  const found = await readZipDirectory(read, { size: file.length, most: 100 });
  expect([found?.count, found?.entries.length, ranges.length]).toEqual([2000, 100, 2]);
});

test("sizes and places beyond 4 GiB are read from ZIP64's fields", async () => {
  const name = Buffer.from("large");
  const central = Buffer.alloc(46);
  central.write("PK\x01\x02");
  central.writeUInt32LE(0xffff_ffff, 24);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(12, 30);
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(5_000_000_000n, 4);
  const directory = Buffer.concat([central, name, extra]);
  const start = 6_000_000_000;
  const record = Buffer.alloc(56);
  record.write("PK\x06\x06");
  record.writeBigUInt64LE(1n, 32);
  record.writeBigUInt64LE(BigInt(directory.length), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07");
  locator.writeBigUInt64LE(BigInt(start + directory.length), 8);
  const end = Buffer.alloc(22, 0xff);
  end.write("PK\x05\x06");
  end.writeUInt16LE(0, 20);
  const tail = Buffer.concat([directory, record, locator, end]);
  const read: ReadRange = async (from, to) =>
    new Uint8Array(
      Buffer.concat([Buffer.alloc(Math.max(0, start - from)), tail.subarray(Math.max(0, from - start), to - start)]),
    );
  const found = await readZipDirectory(read, { size: start + tail.length, most: 10 });
  expect(found?.entries).toMatchObject([{ name: "large", size: 5_000_000_000 }]);
});

test("numbers that do not fit the file are not believed", async () => {
  const file = zipFile([entry("a")]);
  const at = file.length - 22;
  const wrong = (change: (copy: Buffer) => void): Promise<unknown> => {
    const copy = Buffer.from(file);
    change(copy);
    return readZipDirectory(readerOf(copy).read, { size: copy.length, most: 10 });
  };
  expect(await wrong((copy) => copy.writeUInt32LE(0xffff_fff0, at + 12))).toBeUndefined();
  expect(await wrong((copy) => copy.write("nothing", at))).toBeUndefined();
  expect(await wrong((copy) => copy.writeUInt16LE(60_000, at + 10))).toMatchObject({ entries: [{ name: "a" }] });
  expect(await wrong((copy) => copy.writeUInt16LE(60_000, at - 47 + 28))).toMatchObject({ entries: [] });
  expect(await readZipDirectory(readerOf(Buffer.alloc(5)).read, { size: 5, most: 10 })).toBeUndefined();
});
