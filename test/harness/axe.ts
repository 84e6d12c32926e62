import { readFile } from "node:fs/promises";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const axe = readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds, and how much it looked at. */
export async function judged(page: Page): Promise<{ readonly faults: readonly string[]; readonly looked: number }> {
  await page.evaluate(await axe);
  const results: AxeResults = await page.evaluate((tags) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const rules = { "label-content-name-mismatch": { enabled: true } };
    return axe.run(document, { runOnly: { type: "tag", values: tags }, rules });
  }, tags);
  const faults = results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.flat().join(" ")}: ${failureSummary?.split("\n")[1]}`),
  );
  return { faults, looked: results.passes.length };
}

/** Look at one state, and add what is wrong with it. */
export async function look(page: Page, name: string, found: string[]): Promise<void> {
  const { faults, looked } = await judged(page);
  found.push(...faults.map((fault) => `${name}: ${fault}`));
  if (looked < 10) found.push(`${name}: axe looked at nothing`);
}
