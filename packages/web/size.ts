/**
 * `npm run size`: build the console and print `{"console": BYTES}`: what a browser loads, gzipped, before somebody has
 * done anything but sign in and send a file. Fails over the budget.
 */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { firstLoad } from "./first-load.ts";

/** Bytes, gzipped: `index.html`, its styles and scripts, all that they import at once, and the engine's workers. */
const budget = 90_000;
const folder = new URL("../server/public/", import.meta.url).pathname;

await build({ root: new URL(".", import.meta.url).pathname, logLevel: "warn" });
const sizes = firstLoad(folder).map((name) => ({ name, bytes: gzipSync(readFileSync(folder + name)).length }));
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
for (const { name, bytes } of sizes) console.error(`${String(bytes).padStart(7)}  ${name}`);
console.log(JSON.stringify({ console: total }));
if (total > budget) {
  console.error(
    `The first page has ${total - budget} bytes too many: load what it does not need at once when it is used.`,
  );
  process.exitCode = 1;
}
