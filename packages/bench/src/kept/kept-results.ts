/** The last whole run of every benchmark, kept in the repository: what `docs/benchmarks.md` and its pictures say. */

import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { benchmarks } from "../benches.ts";
import type { Outcome } from "../report.ts";
import { measuredPage } from "./measured-page.ts";
import { picture } from "./picture.ts";

const folder = new URL("../../../../docs/benchmarks/", import.meta.url);
/** The page that shows what is kept. */
export const page: URL = new URL("../../../../docs/benchmarks.md", import.meta.url);

/** Everything that is kept, in the order of the benchmarks. */
export function keptOutcomes(): readonly Outcome[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  // Written by keep() below.
  const outcomes = names.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Outcome);
  const place = ({ benchmark }: Outcome): number => benchmarks.findIndex(({ name }) => name === benchmark);
  return outcomes.toSorted((a, b) => place(a) - place(b));
}

/** Keep an outcome in the place of the one before, draw its picture and write the page anew. */
export async function keep(outcome: Outcome): Promise<void> {
  await mkdir(folder, { recursive: true });
  // What programs printed is of one run, with its folders.
  const text = JSON.stringify(outcome, (key, value: unknown) => (key === "stdout" ? undefined : value), 2);
  await writeFile(new URL(`${outcome.benchmark}.json`, folder), `${text}\n`);
  await writePictures();
}

/** Draw every picture and write the page anew from what is kept. */
export async function writePictures(): Promise<void> {
  const outcomes = keptOutcomes();
  for (const each of outcomes) await writeFile(new URL(`${each.benchmark}.svg`, folder), picture(each.contests));
  await writeFile(page, measuredPage(readFileSync(page, "utf8"), outcomes));
}
