import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { benchOptions, chosenBenchmarks } from "../src/bench-options.ts";
import { benchmarks } from "../src/benches.ts";

const program = new URL("../src/main.ts", import.meta.url).pathname;

test("--help prints how the command is used, and every benchmark", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, "--help"]);
  expect(stdout).toMatch(/^Usage: npm run bench -- NAME/);
  for (const { name } of benchmarks) expect(stdout).toMatch(new RegExp(`^  ${name} +`, "m"));
  expect(stdout).toContain(benchmarks[0]?.about);
  expect(stderr).toBe("");
});

test("a word that is no option is told in one line", async () => {
  const running = promisify(execFile)(process.execPath, [program, "line", "--round", "3"]);
  await expect(running).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: "Cannot read the command: Unknown option '--round'; --help lists what there is\n",
  });
});

test("an option without its value, and a name that no benchmark has, are told in one line", () => {
  expect(() => benchOptions(["line", "--rounds"])).toThrow(/^Cannot read the command: .*--rounds.*; --help lists.*$/);
  const chosen = (...names: string[]) => chosenBenchmarks(names, benchmarks).map(({ name }) => name);
  expect(() => chosen("line", "lime")).toThrow(/^Cannot run "lime": .*$/);
  expect(() => chosen()).toThrow(/none is named/);
  expect(chosen("cut", "line")).toEqual(["line", "cut"]);
});
