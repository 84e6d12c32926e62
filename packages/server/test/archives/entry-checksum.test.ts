import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EntryChecksum } from "../../src/archives/entry-checksum.ts";

const size = 1000;

test("the CRC of a file is put together from runs in any order, read twice or not", () => {
  const content = randomBytes(size);
  const runs = fc.array(fc.tuple(fc.nat(size - 1), fc.integer({ min: 1, max: size })), { maxLength: 12 });
  fc.assert(
    fc.property(runs, (read) => {
      const checksum = new EntryChecksum(size);
      const covered = new Set<number>();
      for (const [start, length] of read) {
        const end = Math.min(size, start + length);
        checksum.add(start, content.subarray(start, end));
        for (let at = start; at < end; at++) covered.add(at);
      }
      expect(checksum.whole !== undefined).toBe(covered.size === size);
      // What is missing is read, a gap at a time, and nothing that was read before.
      for (let gap = checksum.missing; gap !== undefined; gap = checksum.missing) {
        for (let at = gap.start; at < gap.end; at++) {
          expect(covered.has(at)).toBe(false);
          covered.add(at);
        }
        checksum.add(gap.start, content.subarray(gap.start, gap.end));
      }
      expect(checksum.whole).toBe(crc32(content));
    }),
  );
});
