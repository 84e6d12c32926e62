/** `npm run test:times`: where the minutes of the last `npm test` and `npm run test:long` went. */

import { type FileRecord, type Report, readReport, reportFile } from "./report.ts";

const slowFiles = 25;
const slowTests = 40;

function projectOf({ file }: FileRecord): string {
  return `${file.startsWith("test/e2e/") ? "e2e" : "unit"}${file.includes(".long.") ? "-long" : ""}`;
}

function line(seconds: number, words: string): string {
  return `${seconds.toFixed(1).padStart(8)} s  ${words}`;
}

function print({ files }: Report): void {
  const sums = new Map<string, number>();
  for (const one of files) sums.set(projectOf(one), (sums.get(projectOf(one)) ?? 0) + one.seconds);
  for (const [project, seconds] of sums) console.log(line(seconds, `all files of ${project}, as if one after another`));
  console.log("\nThe slowest files");
  for (const { file, seconds, tests } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowFiles)) {
    console.log(line(seconds, `${file} (${tests.length})`));
  }
  console.log("\nThe slowest tests");
  const tests = files.flatMap(({ file, tests }) => tests.map((test) => ({ file, ...test })));
  for (const { file, fullName, duration } of tests.toSorted((a, b) => b.duration - a.duration).slice(0, slowTests)) {
    console.log(line(duration / 1000, `${file}: ${fullName}`));
  }
}

const [given] = process.argv.slice(2);
for (const file of given === undefined ? [reportFile(false), reportFile(true)] : [given]) {
  const report = await readReport(file).catch(() => undefined);
  if (report === undefined) console.log(`There is no report at ${file}`);
  else print(report);
}
