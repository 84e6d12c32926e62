import { describe, expect, test } from "vitest";
import { profileOf, profiles } from "../../src/stores/profiles/profiles.ts";
import { type Fact, limitsIn, type StoreProfile } from "../../src/stores/profiles/store-profile.ts";

const isFact = (value: unknown): value is Fact<unknown> =>
  typeof value === "object" && value !== null && "is" in value && "source" in value;

const factsOf = (profile: StoreProfile): readonly [string, Fact<unknown>][] =>
  [...Object.entries(profile), ...Object.entries(profile.limits)].flatMap(([name, value]) =>
    isFact(value) ? [[name, value] as [string, Fact<unknown>]] : [],
  );

test("each name is one profile's, and the table is found by it", () => {
  const names = profiles.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const profile of profiles) expect(profileOf(profile.name)).toBe(profile);
  expect(profileOf("nobody")).toBeUndefined();
});

describe.each(profiles.map((profile) => [profile.name, profile] as const))("the profile %s", (_name, profile) => {
  test("says of each fact where it is from", () => {
    const facts = factsOf(profile);
    expect(facts.length).toBeGreaterThan(20);
    const unsourced = facts.filter(
      ([, { source }]) => !/^(run: \S.* \d|https:\/\/|claim: https:\/\/|assumed: \S)/.test(source),
    );
    expect(unsourced).toEqual([]);
  });

  test("has limits that fit together, and an example of its own kind", () => {
    const { maxPartSize, maxParts, maxSize, minPartSize } = limitsIn(profile);
    expect(minPartSize).toBeLessThan(maxPartSize);
    expect(maxSize).toBeLessThanOrEqual(maxParts * maxPartSize);
    expect(maxSize).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(profile.example.startsWith(`${profile.speaks}://`)).toBe(true);
  });
});
