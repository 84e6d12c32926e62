/**
 * The suites of the contract: every implementation calls them, also a stranger's.
 *
 * @module
 */

import { afterAll, beforeAll, describe, test } from "vitest";
import type { Store } from "../src/store.ts";
import { filesRules } from "./files-rules.ts";
import type { Deviations, Opened } from "./place.ts";
import { Place } from "./place.ts";
import { storeRules } from "./store-rules.ts";

/** Opens what a suite runs against. */
export type Open = () => Promise<Store | Opened> | Store | Opened;

/** Ask a store everything that the contract promises. A deviation is declared by its rule, with the reason. */
export function describeStore(name: string, open: Open, deviations: Deviations = {}): void {
  suite(`${name} keeps the contract of a store`, open, storeRules, deviations);
}

/** Ask a place with files everything that the contract promises; what is opened must also be a store. */
export function describeFiles(name: string, open: Open, deviations: Deviations = {}): void {
  suite(`${name} keeps the contract of files`, open, filesRules, deviations);
}

function suite(
  title: string,
  open: Open,
  rules: Readonly<Record<string, (place: Place) => Promise<void>>>,
  deviations: Deviations,
): void {
  describe(title, () => {
    const unknown = Object.keys(deviations).filter((rule) => !(rule in rules));
    if (unknown.length > 0) throw new Error(`Cannot deviate from "${unknown.join(", ")}": there is no such rule`);
    let place: Place | undefined;
    beforeAll(async () => {
      place = new Place(await open());
    });
    afterAll(async () => {
      await place?.[Symbol.asyncDispose]();
    });
    for (const [rule, keep] of Object.entries(rules)) {
      const reason = deviations[rule];
      if (reason !== undefined) test.skip(`${rule} (deviates: ${reason})`);
      else
        test(rule, async () => {
          if (place === undefined) throw new Error("nothing was opened");
          await keep(place);
        });
    }
  });
}
