import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { expect, test } from "vitest";
import { agentLog } from "../../src/cli/agent-log.ts";
import { tempFolder } from "../stores/temp-folder.ts";

test("the log goes on in a new file while the agent runs; the last one is kept, and neither is larger than 5 MiB", async () => {
  await using folder = await tempFolder();
  const log = agentLog(folder.path);
  const event = "x".repeat(8 * 1024);
  for (let number = 1; number <= 1500; number++) log(`${number} ${event}`);
  const [now, before] = ["agent.log", "agent.log.old"].map((name) => join(folder.path, name));
  for (const file of [now, before]) expect((await stat(file ?? "")).size).toBeLessThanOrEqual(5 * MiB);
  const lines = (await readFile(before ?? "", "utf8")) + (await readFile(now ?? "", "utf8"));
  const numbers = lines
    .trimEnd()
    .split("\n")
    .map((line) => Number(line.split(" ")[1]));
  expect(numbers.at(-1)).toBe(1500);
  expect(numbers.every((number, index) => number === (numbers[0] ?? 0) + index)).toBe(true);
});
