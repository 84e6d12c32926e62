/**
 * `npm run size`: build the console and print `{"console": BYTES, "afterwards": BYTES}`, gzipped: what a browser loads before the
 * files stand and one can be sent, and what the page then loads by itself. Fails over a budget.
 */

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { firstLoad, loadedWith } from "./first-load.ts";

const budgets = { console: 90_000, afterwards: 34_000 };
/** What `<naru-app>` and `<naru-files>` load as soon as the files stand; everything else waits until it is used. */
const byItself = /^(?:naru-transfers|live-changes|agent-panel)-/;
const folder = new URL("../server/public/", import.meta.url).pathname;

await build({ root: new URL(".", import.meta.url).pathname, logLevel: "warn" });
const first = firstLoad(folder);
const parts = readdirSync(`${folder}assets`).filter((name) => byItself.test(name));
const later = loadedWith(
  folder,
  parts.map((name) => `assets/${name}`),
).filter((name) => !first.includes(name));
if (parts.length !== 3) throw new Error(`Cannot measure the page: parts are missing, found ${parts.join(", ")}`);

function sizeOf(title: string, names: readonly string[]): number {
  console.error(title);
  const sizes = names.map((name) => ({ name, bytes: gzipSync(readFileSync(folder + name)).length }));
  for (const { name, bytes } of sizes) console.error(`${String(bytes).padStart(7)}  ${name}`);
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}

const totals = { console: sizeOf("At once:", first), afterwards: sizeOf("Afterwards:", later) };
console.log(JSON.stringify(totals));
for (const key of ["console", "afterwards"] as const) {
  const over = totals[key] - budgets[key];
  if (over <= 0) continue;
  console.error(`"${key}" has ${over} bytes too many: load what it does not need at once when it is used.`);
  process.exitCode = 1;
}
