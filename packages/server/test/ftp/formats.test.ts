import fc from "fast-check";
import { expect, test } from "vitest";
import { resolvePath } from "../../src/ftp/ftp-path.ts";
import { formatTime, parseTime } from "../../src/ftp/ftp-time.ts";
import { factLine, listLine, matches } from "../../src/ftp/listing-format.ts";
import type { Entry } from "../../src/gateway/gateway-session.ts";

const modified = new Date("2026-03-05T07:08:09Z");
const file: Entry = { path: "/a/한 글.bin", kind: "file", size: 5_000_000_000, modified, arriving: false };
const folder: Entry = { path: "/a", kind: "folder", size: 0, modified, arriving: false };

test("a path is found from the working folder, and never above the root", () => {
  expect(resolvePath("/a/b", "c.txt")).toBe("/a/b/c.txt");
  expect(resolvePath("/a/b", "../../../../etc/./passwd/")).toBe("/etc/passwd");
  expect(resolvePath("/a", "/")).toBe("/");
  expect(resolvePath("/", "한글".normalize("NFD"))).toBe(`/${"한글".normalize("NFD")}`);
});

test("no argument leads out of the root, or to a path with an empty or dotted segment", () => {
  const piece = fc.constantFrom("..", ".", "/", "a", "//", "...", " ");
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const path = resolvePath("/here", pieces.join("/"));
      expect(path).toMatch(/^\//u);
      expect(path.split("/").slice(1)).not.toContain("..");
      if (path !== "/") expect(path.split("/").slice(1)).not.toContain("");
    }),
  );
});

test("a time is there and back; one that is none is refused", () => {
  expect(formatTime(modified)).toBe("20260305070809");
  expect(parseTime("20260305070809")).toEqual(modified);
  expect(parseTime("20260305070809.25")?.getUTCMilliseconds()).toBe(250);
  expect(parseTime("202603050708")).toEqual(new Date("2026-03-05T07:08:00Z"));
  for (const bad of ["", "20260231000000", "20260305250000", "2026030507080", "x"])
    expect(parseTime(bad)).toBeUndefined();
});

test("facts are told in the order of the table, a folder has no size", () => {
  const all = new Set(["type", "size", "modify", "perm"] as const);
  expect(factLine(file, all)).toBe("type=file;size=5000000000;modify=20260305070809;perm=adfrw; 한 글.bin");
  expect(factLine(folder, all)).toBe("type=dir;modify=20260305070809;perm=cdeflmp; a");
  expect(factLine(file, new Set())).toBe(" 한 글.bin");
});

test("a list reads like that of ls: the hour of what is recent, the year of what is not", () => {
  const near = Date.parse("2026-04-01T00:00:00Z");
  const far = Date.parse("2027-04-01T00:00:00Z");
  expect(listLine(file, { now: near })).toBe("-rw-r--r-- 1 naru naru    5000000000 Mar  5 07:08 한 글.bin");
  expect(listLine(folder, { now: far })).toBe("drwxr-xr-x 1 naru naru             0 Mar  5  2026 a");
});

test("a pattern means what a shell would, in time that does not explode", () => {
  expect(matches("report.txt", "*.txt")).toBe(true);
  expect(matches("report.txt", "r?port*")).toBe(true);
  expect(matches("report.txt", "*.tx")).toBe(false);
  expect(matches("(a+b).[c]", "(a+b).[c]")).toBe(true);
  expect(matches("a".repeat(250), `${"*a".repeat(60)}*b`)).toBe(false);
});
