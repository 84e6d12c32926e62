/**
 * `npm test`: install and start the real peers, build the page, run the suites, say what passed. `npm run test:long` runs
 * the files named `*.long.test.ts` instead. Extra arguments go to vitest: `npm test -- packages/core`. What cannot be had
 * here leaves its test files out, by name.
 */

import { spawn } from "node:child_process";
import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LeftOut, leftOut, whyLeftOut } from "./left-out.ts";
import { startCeph } from "./peers/ceph.ts";
import { missing, type Need, ofCeph } from "./peers/programs.ts";
import { countsOf, type Report, readReport, reportFile } from "./report.ts";

const { CI: ci, NARU_TEST_COUNTS: countsFile, NARU_TEST_S3: ownS3, LANG = "C.UTF-8" } = process.env;
const isLong = process.argv.includes("--long");
const words = process.argv.slice(2).filter((word) => word !== "--long");
const root = new URL("..", import.meta.url).pathname;

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** An S3 server for this run: the address that tests find in their environment, or `undefined` where none can be had. */
async function openS3(dir: string, stack: AsyncDisposableStack): Promise<string | undefined> {
  if (ownS3 !== undefined) return ownS3;
  if (missing(ofCeph).length > 0) return undefined;
  try {
    const ceph = await startCeph({ dir: join(dir, "ceph") });
    stack.defer(() => ceph.stop());
    const { endpoint, accessKey, secretKey } = ceph;
    return JSON.stringify({ endpoint, accessKey, secretKey });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

/** Print lines that CI repeats at the end of its log. */
async function say(lines: readonly string[]): Promise<void> {
  for (const line of lines) console.log(line);
  if (countsFile !== undefined) await appendFile(`${countsFile}.failed`, lines.map((line) => `${line}\n`).join(""));
}

interface VitestOptions {
  /** Where things of this run lie. */
  readonly dir: string;
  readonly s3: string | undefined;
  readonly out: readonly LeftOut[];
  readonly report: string;
  /** What to run, in place of everything. */
  readonly only: readonly string[];
}

async function vitest({ dir, s3, out, report, only }: VitestOptions): Promise<Report> {
  await rm(report, { force: true });
  await mkdir(join(report, ".."), { recursive: true });
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    `--project=${isLong ? "" : "!"}*-long`,
    ...only,
  ];
  await run(process.execPath, args, {
    // Programs take Korean names for what they are where a locale says that they are UTF-8.
    LANG,
    NARU_TEST_S3: s3,
    NARU_TEST_LEFT_OUT: out.map(({ file }) => file).join("\n"),
    // Threads then find their TypeScript stripped. Where many strip it at a time, V8 may crash on the WebAssembly
    // that does it (a race where the wrappers of its imports are freed; seen in Node 24).
    NODE_COMPILE_CACHE: join(dir, "compile-cache"),
  });
  return readReport(report);
}

/**
 * In CI, files that failed run once more, one after the other with nothing beside them: a shared machine that stood still for a while
 * must not hold up a change. What passes then is named, so that it is mended; more than three files are no accident.
 */
async function againAlone(first: Report, options: VitestOptions): Promise<Report> {
  const files = first.files.filter(({ isFailed }) => isFailed).map(({ file }) => file);
  if (ci !== "true" || files.length === 0 || files.length > 3) return first;
  const report = options.report.replace(".json", "-again.json");
  const second = await vitest({ ...options, report, only: ["--no-file-parallelism", ...files] });
  await say(countsOf(first).failures.map((name) => `Failed at first, and ran again alone: ${name}`));
  const ran = new Map(second.files.map((file) => [file.file, file]));
  return { success: second.success, files: first.files.map((file) => ran.get(file.file) ?? file) };
}

async function main(): Promise<{ readonly passed: number; readonly failed: number }> {
  // What it cannot install leaves tests out.
  await run(process.execPath, ["test/peers/install.ts"]);
  // Each agent builds the page of its window when it is old; several at once would empty the folder under each other.
  for (const page of ["build:web", "build:agent-ui"]) {
    if ((await run("npm", ["run", "--silent", page])) !== 0) throw new Error(`Cannot build the page: ${page} failed`);
  }
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "naru-test-"));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const s3 = await openS3(dir, stack);
  const broken: readonly Need[] = s3 === undefined ? ofCeph : [];
  const out = leftOut({ root, broken }).filter(({ file }) => file.includes(".long.") === isLong);
  const options = { dir, s3, out, report: reportFile(isLong), only: words };
  const { passed, failed, failures, skipped } = countsOf(await againAlone(await vitest(options), options));
  // With a filter of vitest nearly all are.
  if (words.length === 0) for (const name of skipped) console.log(`Skipped: ${name}`);
  await say(failures.map((name) => `Failed: ${name}`));
  for (const one of out) console.log(`Left out: ${whyLeftOut(one)}`);
  if (out.length > 0) console.log(`${out.length} test files were left out: what they need is not here.`);
  // Where everything should be here, what is not is a failure.
  return { passed, failed: failed + (ci === "true" ? out.length : 0) };
}

const { passed, failed } = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return { passed: 0, failed: 1 };
});
if (countsFile !== undefined) await appendFile(countsFile, `${passed} ${failed}\n`);
else console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
