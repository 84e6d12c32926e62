import { expect, test } from "vitest";
import { MarkGroups } from "../src/browser/mark-groups.ts";

test("an entry of marks goes with the last of its rows, and with it alone", () => {
  const groups = new MarkGroups();
  expect(groups.put("first", ["a", "b", "c"])).toEqual([]);
  expect(groups.drop(["a", "b"])).toEqual([]);
  expect(groups.drop(["a", "unknown"])).toEqual([]);
  expect(groups.drop(["c"])).toEqual(["first"]);
});

test("rows whose marks are noted anew take them out of the entry where they were", () => {
  const groups = new MarkGroups();
  groups.put("hashed", ["a", "b", "c"]);
  expect(groups.put("some arrived", ["a", "b"])).toEqual([]);
  expect(groups.put("the others arrived", ["c"])).toEqual(["hashed"]);
  expect(groups.drop(["a", "b", "c"])).toEqual(["some arrived", "the others arrived"]);
});
