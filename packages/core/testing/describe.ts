/**
 * The suites of the contract: every implementation calls them, also a stranger's.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Files, Store } from "../src/store.ts";
import { filesMembers } from "./files-members.ts";
import { filesRules } from "./files-rules.ts";
import type { Deviations, Opened, OptionalMembers, Rules } from "./place.ts";
import { Place } from "./place.ts";
import { storeMembers } from "./store-members.ts";
import { storeRules } from "./store-rules.ts";

type Opening = (Store & Files) | Opened;

/** Opens what a suite runs against. */
export type Open = () => Promise<Opening> | Opening;

/** What a suite asks. */
export interface Suite {
  readonly rules: Rules;
  readonly members: OptionalMembers;
}

/** What `describeStore` asks. */
export const storeSuite: Suite = { rules: storeRules, members: storeMembers };
/** What `describeFiles` asks. */
export const filesSuite: Suite = { rules: filesRules, members: filesMembers };

/**
 * Ask a store everything that the contract promises. `deviations` has a reason for each rule that it breaks and each
 * optional member that it lacks; one that is declared and not so fails the suite.
 */
export function describeStore(name: string, open: Open, deviations: Deviations = {}): void {
  describeSuite(`${name} keeps the contract of a store`, open, { ...storeSuite, deviations });
}

/** Ask a place with files everything that the contract promises, likewise; what is opened must also be a store. */
export function describeFiles(name: string, open: Open, deviations: Deviations = {}): void {
  describeSuite(`${name} keeps the contract of files`, open, { ...filesSuite, deviations });
}

interface DeclaredSuite extends Suite {
  readonly deviations: Deviations;
}

function describeSuite(title: string, open: Open, { rules, members, deviations }: DeclaredSuite): void {
  describe(title, () => {
    const optional = Object.entries(members).flatMap(([name, member]) => [name, ...Object.keys(member.rules)]);
    const known = new Set([...Object.keys(rules), ...optional]);
    const unknown = Object.keys(deviations).filter((name) => !known.has(name));
    if (unknown.length > 0) throw new Error(`Cannot deviate from "${unknown.join(", ")}": there is no such rule`);
    let place: Place | undefined;
    beforeAll(async () => {
      place = new Place(await open());
    });
    afterAll(async () => {
      await place?.[Symbol.asyncDispose]();
    });
    const opened = (): Place => {
      if (place === undefined) throw new Error("nothing was opened");
      return place;
    };
    testRules(rules, deviations, opened);
    for (const [member, { isPresent, rules: optional }] of Object.entries(members)) {
      const reason = deviations[member];
      if (reason === undefined) {
        testRules(optional, deviations, opened);
        continue;
      }
      test(`it has no ${member} (${reason})`, async () => {
        expect(await isPresent(opened()), `it has ${member}, though it declares that it has not`).toBe(false);
      });
      for (const rule of Object.keys(optional)) test.skip(`${rule} (no ${member}: ${reason})`);
    }
  });
}

function testRules(rules: Rules, deviations: Deviations, opened: () => Place): void {
  for (const [rule, keep] of Object.entries(rules)) {
    const reason = deviations[rule];
    if (reason === undefined) test(rule, () => keep(opened()));
    else
      test(`${rule} (deviates: ${reason})`, async () => {
        await expect(keep(opened()), "it keeps the rule, though it declares that it does not").rejects.toThrow();
      });
  }
}
