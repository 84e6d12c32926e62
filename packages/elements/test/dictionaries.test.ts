import { expect, test } from "vitest";
import { en } from "../src/language/en.ts";
import { ko } from "../src/language/ko.ts";
import { preFlightWords } from "../src/language/pre-flight-words.ts";

/** Words that are loaded with what uses them. */
const lazy = [preFlightWords];

/** Every leaf as `path: kind`, so that two dictionaries can be compared word for word. */
function leaves(words: object, path = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "object" && value !== null ? leaves(value, `${path}${key}.`) : `${path}${key}: ${typeof value}`,
  );
}

function texts(words: object): string[] {
  return Object.values(words).flatMap((value) => {
    if (typeof value === "string") return value;
    if (typeof value === "function") return String(value("3", "4", "5"));
    return texts(value);
  });
}

test("Korean and English have the same words", () => {
  expect(leaves(ko).sort()).toEqual(leaves(en).sort());
  for (const words of lazy) expect(leaves(words.ko).sort()).toEqual(leaves(words.en).sort());
});

test("no word is empty or undefined", () => {
  for (const text of texts([ko, en, ...lazy])) expect(text).toMatch(/^(?!.*(undefined|NaN)).*\S/);
});

test("Korean is Korean, and English is not", () => {
  const english = texts([en, ...lazy.map((words) => words.en)]);
  for (const text of english.filter((word) => word !== en.languageName)) expect(text).not.toMatch(/[가-힣]/);
  for (const { what, todo } of Object.values(ko.failures)) {
    expect(what).toMatch(/니다\.$/);
    expect(todo).toMatch(/(니다|세요)\.$/);
  }
});

test("every failure says what happened and what to do", () => {
  for (const dictionary of [ko, en]) {
    for (const { what, todo } of Object.values(dictionary.failures)) expect(`${what} ${todo}`).toMatch(/\. .+\.$/);
  }
});
