import { describe, expect, onTestFinished, test, vi } from "vitest";
import { fileEntry, folderEntry, type ListedEntry } from "../../src/files/entry.ts";
import { compareNatural, type Sort } from "../../src/files/entry-order.ts";
import { FolderListing } from "../../src/files/folder-listing.ts";
import { Selection } from "../../src/files/selection.ts";

const byName: Sort = { by: "name", descending: false };

function file(name: string, size = 1, day = 1): ListedEntry {
  return fileEntry({ path: `a/${name}`, size, modified: `2026-11-${String(day).padStart(2, "0")}T00:00:00.000Z` });
}

function listed(entries: readonly ListedEntry[], sort: Sort = byName): FolderListing {
  const listing = new FolderListing(sort);
  listing.put(entries);
  return listing;
}

function namesIn(listing: FolderListing): readonly string[] {
  return listing.shown.map(({ name }) => name);
}

describe("the order of names", () => {
  test("2 comes before 10, 007 beside 7, and Hangul in the order of the dictionary", () => {
    const ordered = ["", "1", "2", "007", "10", "a1b2", "a1b10", "a02", "나루", "다리 2", "다리 10"];
    expect(ordered.toReversed().sort(compareNatural)).toEqual(ordered);
  });

  test("numbers longer than a number can be are compared by their digits", () => {
    expect(compareNatural("x99999999999999999999", "x100000000000000000000")).toBeLessThan(0);
  });
});

describe("a listing", () => {
  test("has folders first, whatever it is ordered by, and no two orders of equal entries", async () => {
    const listing = listed([
      file("b", 5, 2),
      file("a", 5, 3),
      folderEntry("a/z/"),
      folderEntry("a/y/"),
      file("c", 1, 1),
    ]);
    expect(namesIn(listing)).toEqual(["y", "z", "a", "b", "c"]);
    await listing.sortBy({ by: "size", descending: true });
    expect(namesIn(listing)).toEqual(["z", "y", "b", "a", "c"]);
    await listing.sortBy({ by: "time", descending: true });
    expect(namesIn(listing)).toEqual(["z", "y", "a", "b", "c"]);
  });

  test("puts what comes later in its place, and an entry of a known path in the place of the old one", () => {
    const listing = listed([file("f2"), file("f10")]);
    listing.put([file("f3"), file("f1"), file("f2", 9)]);
    expect(namesIn(listing)).toEqual(["f1", "f2", "f3", "f10"]);
    expect(listing.get("a/f2")?.size).toBe(9);
    expect(listing.size).toBe(4);
  });

  test("finds names in any case and in macOS's spelling, also among what comes later", () => {
    const listing = listed([file("보고서.docx".normalize("NFD")), file("REPORT.docx"), file("x.txt")]);
    listing.find("보고");
    expect(namesIn(listing)).toEqual(["보고서.docx".normalize("NFD")]);
    listing.find("report");
    listing.put([file("Report 2.docx"), file("y.txt")]);
    expect(namesIn(listing)).toEqual(["Report 2.docx", "REPORT.docx"]);
    listing.drop(["a/REPORT.docx"]);
    expect(namesIn(listing)).toEqual(["Report 2.docx"]);
    listing.find("");
    expect(listing.shown).toHaveLength(4);
  });

  test("of 20,000 is ordered anew in slices, and has in its place what came meanwhile", async () => {
    const listing = listed(Array.from({ length: 20_000 }, (_, index) => file(`f${index}`, 20_000 - index)));
    // However fast the machine is, each look at the clock finds a slice used up.
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (clock += 1000));
    onTestFinished(() => void vi.restoreAllMocks());
    let hadTurn = false;
    setImmediate(() => {
      hadTurn = true;
    });
    const sorting = listing.sortBy({ by: "size", descending: false });
    listing.put([file("late", 10_000.5)]);
    await sorting;
    const sizes = listing.shown.map(({ size }) => size);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes).toHaveLength(20_001);
    expect(hadTurn).toBe(true);
  });
});

describe("a selection", () => {
  const shown = ["a", "b", "c", "d", "e"].map((name) => file(name));
  const names = (selection: Selection): string =>
    [...selection.paths]
      .map((path) => path.slice(2))
      .sort()
      .join("");

  test("extends from where it began, forwards and back, and keeps others only when told to", () => {
    const selection = new Selection();
    selection.only("a/b");
    selection.extend(shown, "a/d");
    expect(names(selection)).toBe("bcd");
    selection.extend(shown, "a/a");
    expect(names(selection)).toBe("ab");
    selection.toggle("a/e");
    selection.extend(shown, "a/d", { keep: true });
    expect(names(selection)).toBe("abde");
  });

  test("forgets what is gone, and a range that began there begins anew", () => {
    const selection = new Selection();
    selection.only("a/b");
    selection.drop(["a/b"]);
    expect(selection.size).toBe(0);
    selection.extend(shown, "a/d");
    expect(names(selection)).toBe("d");
  });
});
