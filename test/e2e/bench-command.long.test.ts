import { mkdir, readdir, readFile } from "node:fs/promises";
import { decodeExperiment, type Experiment } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AgentProgram } from "../harness/agent-program.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { freePort } from "../harness/free-port.ts";
import { naru, startNaru } from "../harness/naru-command.ts";
import type { Program } from "../harness/program.ts";
import { openPages } from "../harness/shared-chromium.ts";

const ways = ["plain", "direct", "proxy", "sftp", "ftp", "agent"];

let stack: AsyncDisposableStack;
let world: BucketWorld;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const [sftp, ftp] = [await freePort(), await freePort()];
  world = stack.use(await bucketWorld({ cors: false, args: ["--sftp", String(sftp), "--ftp", String(ftp)] }));
  stack.use(await AgentProgram.start(world.file("agent")));
  await mkdir(world.file("tmp"));
});
afterAll(() => stack.disposeAsync());

function bench(...words: readonly string[]): Program {
  const env = { NARU_AGENT_DATA: world.file("agent"), TMPDIR: world.file("tmp"), LC_ALL: "C.UTF-8" };
  return startNaru(world.origin, ["bench", ...words], world.dir, env);
}

/** What is left at the server and on this disk. */
async function left(): Promise<readonly string[]> {
  const listed = await naru(world.origin, ["ls", "--all"], world.dir);
  const unfinished = await naru(world.origin, ["uploads"], world.dir);
  const here = (await readdir(world.file("tmp"))).filter((name) => name.startsWith("naru-bench"));
  return [...here, listed.stdout, unfinished.stdout].filter((text) => text.trim() !== "");
}

test("naru bench carries the same files by every way, in rounds, tells what it took, and leaves nothing behind", async () => {
  const [report, json] = [world.file("report.html"), world.file("figures.json")];
  await using program = bench(
    "--sizes",
    "1M",
    "--parallel",
    "1,2",
    "--files",
    "4x2K",
    "--runs",
    "2",
    "--download",
    "--report",
    report,
    "--json",
    json,
  );
  expect([await program.exited, program.stderr]).toEqual([0, expect.stringContaining("Round 2 of 2")]);
  const experiment = decodeExperiment(JSON.parse(await readFile(json, "utf8")));
  expect(experiment.runs.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(waysOf(experiment, { direction: "up", size: 1024 ** 2, files: 1 })).toEqual(ways);
  expect(waysOf(experiment, { direction: "up", size: 1024 ** 2, files: 2 })).toEqual(ways);
  expect(waysOf(experiment, { direction: "up", size: 2048, files: 4 })).toEqual(ways.slice(1));
  expect(waysOf(experiment, { direction: "down", size: 1024 ** 2, files: 1 })).toEqual(ways.slice(0, -1));
  for (const { way, files, size, bytesCarried } of experiment.runs)
    expect([way, files, size, bytesCarried]).toEqual([way, files, size, files * size]);
  expect(program.stdout).toMatch(/Upload, 1 MiB .*±/);
  expect(program.stdout).toMatch(/Here, send files/);
  expect(await left()).toEqual([]);

  await using pages = await openPages();
  const page = await pages.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => said.push(...(/^(file|data):/.test(request.url()) ? [] : [request.url()])));
  await page.goto(`file://${report}`);
  expect(await page.getByRole("main").ariaSnapshot()).toContain("Ways to carry files, compared");
  await page.getByLabel("한국어").check();
  expect(await page.getByRole("main").ariaSnapshot()).toContain("파일 전송 방식 비교");
  expect(await page.getByRole("img").count()).toBeGreaterThan(4);
  expect(said).toEqual([]);
});

test("an interrupted naru bench leaves nothing behind, and says nothing of a result", async () => {
  await using program = bench("--sizes", "2M", "--runs", "500", "--routes", "direct,sftp");
  await program.printed(/Round 2 of 500/);
  await program.kill("SIGINT");
  expect(await program.exited).toBe(130);
  expect(program.stdout).toBe("");
  expect(await left()).toEqual([]);
});

test("naru bench says why a way cannot be measured, and what sizes look like", async () => {
  await using alone = await bucketWorld({ cors: false });
  await using program = startNaru(alone.origin, ["bench", "--sizes", "64K", "--runs", "1"], alone.dir, {
    NARU_AGENT_DATA: alone.file("none"),
  });
  expect(await program.exited).toBe(0);
  expect(program.stderr).toContain("sftp: not measured. The server has no SFTP door (naru serve --sftp PORT).");
  expect(program.stderr).toContain("agent: not measured. No desktop agent runs on this computer (naru-agent start).");
  await using wrong = bench("--sizes", "10Q");
  expect(await wrong.exited).toBe(2);
  expect(wrong.stderr).toMatch(/"10Q" is no size such as 10M/);
});

function waysOf(
  { runs }: Experiment,
  of: Pick<Experiment["runs"][number], "direction" | "size" | "files">,
): readonly string[] {
  const own = runs.filter(
    ({ direction, size, files }) => direction === of.direction && size === of.size && files === of.files,
  );
  return ways.filter((way) => own.filter((run) => run.way === way).length === 2);
}
