/** What `vitest --reporter=json` writes, as far as we read it. */

import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";

export interface TestRecord {
  readonly fullName: string;
  readonly status: string;
  readonly duration: number;
}

export interface FileRecord {
  /** From the repository on. */
  readonly file: string;
  readonly isFailed: boolean;
  readonly seconds: number;
  readonly tests: readonly TestRecord[];
}

export interface Report {
  readonly success: boolean;
  readonly files: readonly FileRecord[];
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** File and name of each that failed. */
  readonly failures: readonly string[];
  /** File and name of each that was skipped. */
  readonly skipped: readonly string[];
}

interface WrittenReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { fullName: string; status: string; duration?: number | null }[];
  }[];
}

const root = new URL("..", import.meta.url).pathname;

/** Where the last run of the short or the long tests left its report. */
export function reportFile(isLong: boolean): string {
  return join(root, "node_modules/.cache/naru-test", isLong ? "long.json" : "short.json");
}

/** Read a report. @throws when there is none */
export async function readReport(file: string): Promise<Report> {
  const written = JSON.parse(await readFile(file, "utf8")) as WrittenReport;
  return {
    success: written.success,
    files: written.testResults.map(({ name, status, startTime, endTime, assertionResults }) => ({
      file: relative(root, name),
      isFailed: status === "failed",
      seconds: (endTime - startTime) / 1000,
      tests: assertionResults.map(({ fullName, status, duration }) => ({ fullName, status, duration: duration ?? 0 })),
    })),
  };
}

/** Count tests. A file that does not load has none, and a failed run fails somewhere: each counts as one. */
export function countsOf({ success, files }: Report): Counts {
  const tests = files.flatMap(({ file, tests }) => tests.map((test) => ({ file, ...test })));
  const failed = tests.filter(({ status }) => status === "failed");
  const broken = files.filter(({ isFailed, tests }) => isFailed && !tests.some(({ status }) => status === "failed"));
  const sum = failed.length + broken.length;
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: success || sum > 0 ? sum : 1,
    failures: [...failed.map(({ file, fullName }) => `${file}: ${fullName}`), ...broken.map(({ file }) => file)],
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ file, fullName }) => `${file}: ${fullName}`),
  };
}
