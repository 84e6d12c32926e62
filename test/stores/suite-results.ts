/** What the suites of the contract said of each store at their last run: `results.json`, written by `npm run stores`. */

import { readFileSync } from "node:fs";
import type { Report } from "../report.ts";
import { type TestedStore, testedStores } from "./tested-stores.ts";

export interface SuiteResult {
  readonly suite: string;
  /** Rules that were kept. */
  readonly kept: number;
  /** Rules and optional members that the store does not have, each with its reason. */
  readonly declared: readonly string[];
}

export const resultsFile: URL = new URL("results.json", import.meta.url);

/** The results that are in the repository. */
export function knownResults(): readonly SuiteResult[] {
  return JSON.parse(readFileSync(resultsFile, "utf8")) as readonly SuiteResult[];
}

/** Read the results of each suite in a report; one that did not run, or failed, stays as it was known. */
export function resultsIn({ files }: Report, known: readonly SuiteResult[]): readonly SuiteResult[] {
  const tests = files.flatMap((file) => file.tests);
  return testedStores.flatMap(({ suite }) => {
    const own = tests.flatMap(({ fullName, status }) => {
      const [, rule] = fullName.split(new RegExp(`^${escaped(suite)} keeps the contract of (?:a store|files) `));
      return rule === undefined ? [] : [{ rule, status }];
    });
    const before = known.filter((one) => one.suite === suite);
    if (own.length === 0 || own.some(({ status }) => status === "failed")) return before;
    const passed = own.filter(({ status }) => status === "passed").map(({ rule }) => rule);
    const declared = passed.filter((rule) => /\(deviates: |^it has no [^(]+ \(/.test(rule));
    return [{ suite, kept: passed.length - declared.length, declared: declared.toSorted() }];
  });
}

/** What was run for a profile; `undefined` where nothing was. */
export function testOf(
  profile: string,
  results: readonly SuiteResult[],
): (TestedStore & Pick<SuiteResult, "declared" | "kept">) | undefined {
  const tested = testedStores.find((one) => one.profile === profile);
  const result = results.find(({ suite }) => suite === tested?.suite);
  return tested && result && { ...tested, kept: result.kept, declared: result.declared };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
