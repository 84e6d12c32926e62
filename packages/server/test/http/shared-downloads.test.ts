import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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
