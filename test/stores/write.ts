/**
 * `npm run stores [REPORT.json...]`: write docs/stores.md and its Korean twin. What the suites say is read from the reports of
 * the last `npm test` and `npm run test:long`, or from those that are named (`vitest run FILE --reporter=json --outputFile=...`).
 */

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { readReport, reportFile } from "../report.ts";
import { storesPage } from "./stores-page.ts";
import { knownResults, resultsFile, resultsIn } from "./suite-results.ts";

const named = process.argv.slice(2);
const files = named.length > 0 ? named : [reportFile(false), reportFile(true)].filter((file) => existsSync(file));
let results = knownResults();
for (const file of files) results = resultsIn(await readReport(file), results);
await writeFile(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
for (const [language, name] of [
  ["en", "stores.md"],
  ["ko", "stores.ko.md"],
] as const) {
  await writeFile(new URL(`../../docs/${name}`, import.meta.url), storesPage(language, results));
}
