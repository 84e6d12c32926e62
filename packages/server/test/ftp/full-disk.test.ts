import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { openFtp } from "./opened-ftp.ts";
import { RawClient } from "./raw-client.ts";

needs("curl");

let ftp: Awaited<ReturnType<typeof openFtp>>;
beforeAll(async () => {
  const space = async () => ({ total: 10 * MiB, free: MiB });
  ftp = await openFtp({ store: Object.assign(memoryStore(), { space }) });
});
afterAll(() => ftp[Symbol.asyncDispose]());

test("a full disk is told as 452, and the session goes on", async () => {
  using client = await RawClient.open(ftp.port);
  const data = await client.data();
  expect(await client.ask("STOR a.bin")).toMatch(/^150 /u);
  data.end(Buffer.alloc(2 * MiB));
  expect(await client.reply()).toBe(`452 Cannot write "/a.bin": the disk has ${MiB} bytes left`);
  expect(await client.ask("NOOP")).toMatch(/^200 /u);
});

test("curl, which reads no answer before it has sent all, gets to read why", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "large.bin");
  await writeFile(file, Buffer.alloc(7 * MiB));
  await using curl = new Program("curl", ["-sS", "-v", "-T", file, ftp.url]);
  expect(await curl.exited).not.toBe(0);
  expect(curl.output).toContain('< 452 Cannot write "/large.bin"');
});
