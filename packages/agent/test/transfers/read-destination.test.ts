/** Destinations as people type them. */

import { expect, test } from "vitest";
import { readDestination, shownDestination } from "../../src/transfers/read-destination.ts";

test("? and # are letters of a folder's name", () => {
  expect(readDestination("sftp://ann@h/remote/x#1/what?")).toMatchObject({ folder: "/remote/x#1/what?/" });
  expect(readDestination("ftp://ann:pw@h/x#1/?a=b#c")).toMatchObject({ folder: "x#1/?a=b#c/" });
  expect(readDestination("sftp://ann@h/a%23b%3F/#")).toMatchObject({ folder: "/a#b?/#/" });
  expect(shownDestination(readDestination("sftp://ann@h/x#1/"))).toBe("sftp://ann@h:22/x#1/");
});

test("where ? and # may mean something else, they are refused with the way to write them", () => {
  for (const url of [
    "https://naru.example.com/#/backup/",
    "https://naru.example.com/a?b",
    "ftp://ann#x@h/",
    "sftp://ann@h?x/",
  ]) {
    expect(() => readDestination(url), url).toThrow(/%23.*%3F/);
  }
});

test("a % that stands for itself is refused with the way to write it, without the password", () => {
  for (const url of [
    "sftp://root:geheim100%@h/",
    "sftp://ann@h/100%/",
    "https://h/%zz/",
    "ftp://a%@h/",
    "sftp://ann@h/%ff/",
  ]) {
    const refusal = expect(() => readDestination(url), url);
    refusal.toThrow(expect.objectContaining({ code: "invalid", message: expect.stringContaining("%25") }));
    refusal.not.toThrow(/geheim/);
  }
});
