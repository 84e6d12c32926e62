import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MiB } from "@naru/core";
import { expect, test } from "vitest";

test("a download of which much is asked for ahead does not have the whole heap collected again and again", async () => {
  const program = new URL("./sent-bytes.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const { came, full } = JSON.parse(stdout);
  expect(came).toBe(256 * MiB);
  expect(full).toBeLessThan(6);
});
