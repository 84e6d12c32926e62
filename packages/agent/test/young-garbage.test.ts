import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the buffers of a long transfer do not have the whole heap collected again and again", async () => {
  const program = new URL("./made-garbage.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const [unnoted, noted] = JSON.parse(stdout);
  expect(unnoted).toBeGreaterThan(2);
  expect(noted).toBeLessThan(unnoted / 2);
});
