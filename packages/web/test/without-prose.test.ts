import { readdirSync, readFileSync } from "node:fs";
import { transformWithOxc } from "vite";
import { expect, test } from "vitest";
import { withoutProse } from "../without-prose.ts";

const folder = "packages/core/src/wire";
const { transform } = withoutProse();
const texts = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "utf8"));

function stripped(text: string): string {
  if (typeof transform !== "object") throw new Error("It transforms nothing");
  const result: unknown = Reflect.apply(transform.handler, undefined, [text]);
  return typeof result === "object" && result !== null ? String(Reflect.get(result, "code")) : "";
}

test("the page carries schemas without their prose, and what decoders say", async () => {
  const prose = /"[A-Z][^"\n]+\."/g;
  expect(texts.join("").match(prose)?.length).toBeGreaterThan(100);
  const left = texts.map(stripped);
  const code = await Promise.all(left.map((text, n) => transformWithOxc(text, `module-${n}.ts`)));
  const js = code.map((module) => module.code).join("\n");
  expect(js.match(prose)).toBeNull();
  expect(js).toContain("it is not a list");
  expect(js).toContain("it is not a date in ISO 8601");
});
