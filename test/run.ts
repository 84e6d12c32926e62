/**
 * `npm test`: install and start the real peers, build the page, run every suite, say what passed. `npm run test:long` runs
 * the files named `*.long.test.ts` instead. Extra arguments go to vitest: `npm test -- packages/core`.
 */

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCeph } from "./peers/ceph.ts";

/** What `vitest --reporter=json` writes, as far as we read it. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const isLong = process.argv.includes("--long");

const root = new URL("..", import.meta.url).pathname;

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

async function step(command: string, ...args: string[]): Promise<void> {
  const code = await run(command, args);
  if (code !== 0) throw new Error(`Cannot prepare the tests: ${command} ${args.join(" ")} ended with ${code}`);
}

async function summary(reportFile: string): Promise<{ line: string; ok: boolean }> {
  const report = JSON.parse(await readFile(reportFile, "utf8")) as Report;
  // A file that does not load has no tests to count; it must fail the run all the same.
  const failed = report.numFailedTests + (report.success ? 0 : Math.max(0, report.numFailedTests === 0 ? 1 : 0));
  return { line: `${report.numPassedTests} passed, ${failed} failed`, ok: failed === 0 && report.numPassedTests > 0 };
}

async function main(): Promise<number> {
  await step(process.execPath, "test/peers/install.ts");
  await step("npm", "run", "--silent", "build:web");
  const dir = await mkdtemp(join(tmpdir(), "naru-test-"));
  const ceph = await startCeph({ dir: join(dir, "ceph") });
  try {
    const reportFile = join(dir, "report.json");
    const { endpoint, accessKey, secretKey } = ceph;
    const { LANG = "C.UTF-8" } = process.env;
    const env = {
      // Programs take Korean names for what they are where a locale says that they are UTF-8.
      LANG,
      NARU_TEST_S3: JSON.stringify({ endpoint, accessKey, secretKey }),
      // Threads then find their TypeScript stripped. Where many strip it at a time, V8 may crash on the WebAssembly
      // that does it (a race where the wrappers of its imports are freed; seen in Node 24).
      NODE_COMPILE_CACHE: join(dir, "compile-cache"),
    };
    await run(
      process.execPath,
      [
        "node_modules/vitest/vitest.mjs",
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${reportFile}`,
        `--project=${isLong ? "" : "!"}*-long`,
        ...process.argv.slice(2).filter((word) => word !== "--long"),
      ],
      env,
    );
    const { line, ok } = await summary(reportFile);
    console.log(line);
    return ok ? 0 : 1;
  } finally {
    await ceph.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  return 1;
});
