import { mkdir, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileStore } from "../../src/index.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";
import { guestOf, makeLink } from "./guest.ts";

const path = "비밀/보고서/가.bin";
let folder: TempFolder;
let door: HttpDoor;
let me: Client;
beforeAll(async () => {
  folder = await tempFolder();
  await mkdir(join(folder.path, dirname(path)), { recursive: true });
  await writeFile(join(folder.path, path), "0123456789".repeat(100));
  await writeFile(join(folder.path, dirname(path), "나.txt"), "two");
  door = await httpDoor(await fileStore(folder.path));
  me = Client.basic(door.origin, "admin", door.password);
});
afterAll(async () => {
  await door.close();
  await folder[Symbol.asyncDispose]();
});

test("a program that takes a file in many ranges at once gives the password with each, and is not taken for a guesser", async () => {
  const { token, id } = await makeLink(me, { kind: "share", path, password: "sesame" });
  const program = Client.basic(`${door.origin}/s/${token}`, "x", "sesame");
  const range = (n: number): Promise<Response> =>
    program.call("GET", "/files/가.bin", { headers: { range: `bytes=${n}-${n}` } });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => range(n)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([206]));
  await me.json("PATCH", `/api/shares/${id}`, { password: "another" });
  expect(await verdict(range(0))).toBe("403 forbidden");
});

test("who opens archives and does not read them gets 32 at once; others are not held up", async () => {
  await writeFile(join(folder.path, "large.bin"), "");
  await truncate(join(folder.path, "large.bin"), 64 * MiB);
  const { token } = await makeLink(me, { kind: "share", path: "large.bin" });
  const guest = guestOf(door.origin, token);
  const open = (): Promise<Response> => guest.call("GET", "/archive?path=large.bin");
  const answers = await Promise.all(Array.from({ length: 32 }, open));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await verdict(open())).toBe("429 throttled");
  const mine = await me.call("GET", "/api/archive?path=large.bin");
  await mine.body?.cancel();
  expect(mine.status).toBe(200);
  for (const { body } of answers) await body?.cancel();
  const again = async (): Promise<number> => {
    const answer = await open();
    await answer.body?.cancel();
    return answer.status;
  };
  await expect.poll(again, { timeout: 180_000 }).toBe(200);
});

test("the archive of a link to one file is of that file alone, and names no folder above it", async () => {
  const { token } = await makeLink(me, { kind: "share", path });
  const answer = await guestOf(door.origin, token).call("GET", "/archive?path=/");
  const zip = Buffer.from(await answer.arrayBuffer());
  expect([answer.status, zip.includes("가.bin"), zip.includes("보고서"), zip.includes("나.txt")]).toEqual([
    200,
    true,
    false,
    false,
  ]);
  expect(answer.headers.get("content-disposition")).toContain(encodeURIComponent("가.bin.zip"));
});
