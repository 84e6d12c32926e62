import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combineCrc64 } from "../src/crc64.ts";
import {
  Crc64,
  choosePartSize,
  combineAllCrc64,
  countParts,
  crc64,
  decodeBatchManifest,
  decodeCompleteUpload,
  decodeFilePage,
  decodeReceipt,
  decodeSession,
  decodeSignedParts,
  decodeWireFile,
  decodeWireUpload,
  existingPath,
  isTransferError,
  isUsablePath,
  MiB,
  normalizePath,
  partAt,
  planParts,
  renamed,
  toReceipt,
  toStoredFile,
  toWireFile,
  toWireReceipt,
} from "../src/index.ts";
import { md5 } from "../testing/index.ts";
import { decodeCreateUpload, decodeError, decodeSignParts } from "./wire/request-decoders.ts";

const limits = { minPartSize: 5 * MiB, maxPartSize: 5 * 1024 * MiB, maxParts: 10_000, maxSize: 48 * 1024 * 1024 * MiB };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the plan", () => {
  test("covers every byte once, in order, within the limits", () => {
    fc.assert(
      fc.property(fc.nat(50_000), fc.integer({ min: 1, max: 5000 }), (size, partSize) => {
        const parts = planParts(size, partSize, {
          minPartSize: 1,
          maxPartSize: 5000,
          maxParts: 50_001,
          maxSize: 50_000,
        });
        let end = 0;
        // A matcher for each of millions of parts would take most of the time.
        const wrong = parts.find((part, index) => {
          const alone = partAt(size, partSize, index + 1);
          const isSame = alone?.number === part.number && alone.offset === part.offset && alone.size === part.size;
          const isWhole = index === parts.length - 1 || part.size === partSize;
          const follows = part.offset === end;
          end += part.size;
          return !isSame || !isWhole || !follows;
        });
        expect(wrong).toBeUndefined();
        expect(end).toBe(size);
        expect(partAt(size, partSize, 0)).toBeUndefined();
        expect(partAt(size, partSize, parts.length + 1)).toBeUndefined();
      }),
    );
  });

  test("is chosen so that any file a store takes fits", () => {
    fc.assert(
      fc.property(fc.nat(limits.maxSize), fc.option(fc.nat(2 ** 40), { nil: undefined }), (size, wish) => {
        const partSize = choosePartSize(size, limits, wish);
        expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(limits.maxParts);
        expect(partSize).toBeGreaterThanOrEqual(limits.minPartSize);
        expect(partSize).toBeLessThanOrEqual(limits.maxPartSize);
      }),
    );
  });

  test("has parts of 16 MiB typically", () => {
    expect(choosePartSize(300 * MiB, limits)).toBe(16 * MiB);
    expect(choosePartSize(undefined, limits)).toBe(16 * MiB);
  });

  test("has smaller parts for a smaller file, which travels on several connections too", () => {
    expect(countParts(128 * MiB, choosePartSize(128 * MiB, limits))).toBe(24);
    expect(countParts(64 * MiB, choosePartSize(64 * MiB, limits))).toBe(12);
    expect(choosePartSize(10 * MiB, limits)).toBe(5 * MiB);
    expect(choosePartSize(1, limits, 1)).toBe(5 * MiB);
  });

  test("refuses what a store does not take", () => {
    expect(() => choosePartSize(limits.maxSize + 1, limits)).toThrow(/too large|this large/);
    expect(() => choosePartSize(-1, limits)).toThrow(/whole number/);
    expect(() => planParts(10 * MiB, MiB, limits)).toThrow(/at least/);
    expect(() => planParts(Number.NaN, MiB, limits)).toThrow(/whole number/);
  });
});

describe("paths", () => {
  test.each([
    "",
    "/a",
    "a//b",
    "a/",
    "../a",
    "a/..",
    "./a",
    "a\0b",
    "a\\b",
    "a\nb",
    "CON",
    "x/nul.txt",
    "Com1.a/b",
    "C:x",
    "\ud800",
    "가".repeat(86),
    `${"a/".repeat(512)}abc`,
  ])("refuses %j", (path) => {
    expect(() => normalizePath(path)).toThrow(/Cannot use the path/);
  });

  test.each(["a", "한글 (1)+&=%.bin", "a b/#?.txt", "...a", "console/com10", ".hidden", "x/~y'!.z"])(
    "takes %j",
    (path) => {
      expect(normalizePath(path)).toBe(path);
    },
  );

  test.each(["con.txt", "a\\b", "tab\t", "a//b", "./a", "/a", "e\u0301", "C:x"])(
    "%j may be there, as it is",
    (path) => {
      expect(existingPath(path)).toBe(path);
      expect(isUsablePath(path)).toBe(path === "e\u0301");
    },
  );

  test.each([
    "",
    "/",
    ".",
    "a/",
    "../a",
    "a/../b",
    ".naru/x",
    "./.NARU/x",
    "//.naru",
    "\ud800",
    "가".repeat(400),
    7,
    null,
  ])("%j names no file that may be there", (path) => {
    expect(() => existingPath(path)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  test("are NFC", () => {
    expect(normalizePath("한글".normalize("NFD"))).toBe("한글");
  });

  test("stay as they are once normalized, and renaming keeps them fit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.integer({ min: 2, max: 99 }), (text, n) => {
        let path: string;
        try {
          path = normalizePath(text);
        } catch (error) {
          expect(isTransferError(error) && error.code).toBe("invalid");
          return;
        }
        expect(normalizePath(path)).toBe(path);
        const other = renamed(path, n);
        expect(other).not.toBe(path);
        expect(bytesOf(other.slice(other.lastIndexOf("/") + 1)).length).toBeLessThanOrEqual(255);
      }),
    );
  });

  test("are renamed before the extension", () => {
    expect(renamed("a/b.txt", 2)).toBe("a/b (2).txt");
    expect(renamed("a.b/c", 3)).toBe("a.b/c (3)");
    expect(renamed(".bashrc", 2)).toBe(".bashrc (2)");
    expect(renamed("x.tar.gz", 2)).toBe("x (2).tar.gz");
    expect(bytesOf(renamed(`${"가".repeat(85)}`, 2)).length).toBeLessThanOrEqual(255);
  });
});

describe("CRC-64/NVME", () => {
  test("has the check value", () => {
    expect(crc64(bytesOf("123456789"))).toBe("ae8b14860a799888");
    expect(crc64(new Uint8Array(0))).toBe("0000000000000000");
  });

  test("is the same however the bytes are cut, and combines", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 }), (pieces) => {
        const sum = new Crc64();
        for (const piece of pieces) sum.update(piece);
        const whole = crc64(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
        expect(sum.hex()).toBe(whole);
        expect(combineAllCrc64(pieces.map((piece) => ({ crc64: crc64(piece), size: piece.length })))).toBe(whole);
      }),
    );
  });

  test("combines over long runs as over short ones", () => {
    const a = crc64(bytesOf("a"));
    const zeros = new Uint8Array(100_000);
    expect(combineCrc64(a, crc64(zeros), zeros.length)).toBe(new Crc64().update(bytesOf("a")).update(zeros).hex());
    expect(() => combineCrc64("x", a, 1)).toThrow(/16 hex digits/);
  });
});

test("the suites' own MD5 is MD5", () => {
  expect(md5(bytesOf(""))).toBe("d41d8cd98f00b204e9800998ecf8427e");
  expect(md5(bytesOf("12345678901234567890123456789012345678901234567890123456789012345678901234567890"))).toBe(
    "57edf4a22be3c955ac49da2e2107b67a",
  );
});

describe("decoders", () => {
  const decoders = {
    decodeCreateUpload,
    decodeSignParts,
    decodeCompleteUpload,
    decodeBatchManifest,
    decodeWireUpload,
    decodeWireFile,
    decodeFilePage,
    decodeReceipt,
    decodeSession,
    decodeSignedParts,
    decodeError,
  };

  test.each(Object.entries(decoders))("%s refuses anything strange with a TransferError", (_, decode) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          decode(value);
        } catch (error) {
          expect(isTransferError(error) && error.code).toBe("invalid");
        }
      }),
    );
  });

  test.each([
    [{ path: "a", size: -1 }, "size"],
    [{ path: "a", size: 1.5 }, "size"],
    [{ path: "a", size: 2 ** 53 }, "size"],
    [{ path: "a", size: "1" }, "size"],
    [{ path: "a" }, "size"],
    [{ path: "a", size: 1, partSize: 0 }, "partSize"],
    [{ path: "a", size: 1, colour: "red" }, "colour"],
    [{ path: "a", size: 1, conflict: "maybe" }, "conflict"],
    [{ path: "a", size: 1, modified: "yesterday" }, "modified"],
    [{ path: "a", size: 1, type: "text/html\r\nx: y" }, "type"],
  ])("a create of %j is refused by the name of %s", (value, field) => {
    expect(() => decodeCreateUpload(value)).toThrow(`"${field}"`);
  });

  test("name the item of a list", () => {
    const value = { parts: [{ number: 1 }, { number: 2, md5: "xyz" }] };
    expect(() => decodeSignParts(value)).toThrow('"parts[1].md5"');
  });

  test("of answers ignore what they do not know", () => {
    const file = { path: "a", size: 1, etag: "e", modified: "2026-01-02T03:04:05.000Z" };
    expect(toWireFile(toStoredFile(decodeWireFile({ ...file, news: 1 })))).toEqual(file);
    const receipt = { number: 1, offset: 0, size: 1, etag: "e", crc64: "0".repeat(16) };
    expect(toWireReceipt(toReceipt(decodeReceipt({ ...receipt, news: 1 })))).toEqual(receipt);
  });

  test("take a complete without a body", () => {
    expect(decodeCompleteUpload(undefined)).toEqual({});
  });
});
