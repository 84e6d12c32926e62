/**
 * The suite of journals.
 *
 * @module
 */

import { describe, expect, test } from "vitest";
import type { Journal, JournalEntry } from "../src/journal.ts";

function entry(key: string, more: Partial<JournalEntry> = {}): JournalEntry {
  const file = { to: "to/파일.bin", name: "파일.bin", size: 5, modified: 1_700_000_000_000 };
  return { key, origin: "http://localhost", user: "me", state: "queued", ...file, ...more };
}

/** Ask a journal everything that its contract promises; `open` gives an empty one each time. */
export function describeJournal(name: string, open: () => Promise<Journal> | Journal): void {
  describe(`${name} keeps the contract of a journal`, () => {
    test("what was put is there, whole", async () => {
      const journal = await open();
      await journal.put(entry("a", { uploadId: "u1", partSize: 16 }));
      expect(await journal.get("a")).toEqual(entry("a", { uploadId: "u1", partSize: 16 }));
    });
    test("a missing entry is undefined", async () => {
      expect(await (await open()).get("nothing")).toBeUndefined();
    });
    test("an entry with the same key replaces the first", async () => {
      const journal = await open();
      await journal.put(entry("a"));
      await journal.put(entry("a", { state: "done" }));
      expect(await journal.list()).toEqual([entry("a", { state: "done" })]);
    });
    test("entries are listed by key", async () => {
      const journal = await open();
      for (const key of ["b", "c/1", "a"]) await journal.put(entry(key));
      expect((await journal.list()).map((each) => each.key)).toEqual(["a", "b", "c/1"]);
    });
    test("a deleted entry is gone, and twice is fine", async () => {
      const journal = await open();
      await journal.put(entry("a"));
      await journal.delete("a");
      await journal.delete("a");
      expect(await journal.list()).toEqual([]);
    });
  });
}
