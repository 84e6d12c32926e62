import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { profileOf, profiles } from "../packages/server/src/stores/profiles/profiles.ts";
import { koreanNotes } from "./stores/korean-notes.ts";
import { notesOf, storesPage } from "./stores/stores-page.ts";
import { knownResults, resultsIn } from "./stores/suite-results.ts";
import { testedStores } from "./stores/tested-stores.ts";

const results = knownResults();

test.each([
  ["stores.md", "en"],
  ["stores.ko.md", "ko"],
] as const)('docs/%s says what profiles and suites say now; else run "npm run stores"', (name, language) => {
  expect(readFileSync(new URL(`../docs/${name}`, import.meta.url), "utf8")).toBe(storesPage(language, results));
});

test("the Korean page says all that is said of a store in Korean", () => {
  const said = [...profiles.flatMap(notesOf), ...results.flatMap(({ declared }) => declared)];
  expect(said.filter((note) => koreanNotes[note] === undefined)).toEqual([]);
});

test("what is said to be tested has a profile and kept many rules; Ceph and Swift are always among it", () => {
  for (const { profile } of testedStores) expect(profileOf(profile), profile).toBeDefined();
  for (const { kept, suite } of results) expect(kept, suite).toBeGreaterThan(15);
  const suites = results.map(({ suite }) => suite);
  expect(suites).toEqual(expect.arrayContaining(["a bucket of Ceph", "a bucket of Swift"]));
});

test("results are taken from a report only when the whole suite passed, with the reasons for what is declared", () => {
  const title = "a bucket of Ceph keeps the contract of a store";
  const testsOf = (...rows: readonly (readonly [string, string])[]) => ({
    success: true,
    files: [
      {
        file: "x",
        isFailed: false,
        seconds: 1,
        tests: rows.map(([rule, status]) => ({ fullName: `${title} ${rule}`, status, duration: 1 })),
      },
    ],
  });
  const passed = testsOf(["a rule", "passed"], ["b (deviates: why)", "passed"], ["c (no d: why)", "skipped"]);
  expect(resultsIn(passed, [])).toEqual([{ suite: "a bucket of Ceph", kept: 1, declared: ["b (deviates: why)"] }]);
  const failed = testsOf(["a rule", "failed"], ["b", "passed"]);
  const known = [{ suite: "a bucket of Ceph", kept: 7, declared: [] }];
  expect(resultsIn(failed, known)).toEqual(known);
});
