/** Links and pairings as a user meets them on the command line; a script stands where the person at the file dialog is. */

import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentApi, NaruApi } from "@naru/client";
import { MiB } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { type HttpDoor, httpDoor } from "@naru/server/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { type Ended, type Running, runNaruAgent, startNaruAgent } from "./naru-agent.ts";

let folder: TempFolder;
let files: Map<string, MemoryFile>;
let door: HttpDoor;
let tickets: AgentApi;

beforeEach(async () => {
  folder = await tempFolder();
  files = new Map();
  door = await httpDoor(memoryStore(files));
  tickets = new AgentApi({
    origin: door.origin,
    auth: { kind: "basic", user: door.user, password: door.password },
  });
});
afterEach(async () => {
  await naru("quit");
  await door.close();
  await folder[Symbol.asyncDispose]();
});

const env = (): Record<string, string> => ({
  NARU_AGENT_DATA: join(folder.path, "data"),
  PATH: `${join(folder.path, "bin")}:${process.env["PATH"]}`,
});
const naru = (...args: string[]): Promise<Ended> => runNaruAgent(args, env());
const begin = (...args: string[]): Running => startNaruAgent(args, env());

/** A dialog in which somebody chooses this file; what it was asked for is written beside it. */
async function dialogChooses(file: string): Promise<void> {
  const dialog = join(folder.path, "bin", "zenity");
  await mkdir(join(folder.path, "bin"), { recursive: true });
  await writeFile(dialog, `#!/bin/sh\nprintf '%s\\n' "$@" > '${join(folder.path, "asked")}'\nprintf '%s' '${file}'\n`);
  await chmod(dialog, 0o755);
}

async function fileOf(name: string, size: number): Promise<{ file: string; bytes: Buffer<ArrayBuffer> }> {
  const bytes = randomBytes(size);
  const file = join(folder.path, name);
  await writeFile(file, bytes);
  return { file, bytes };
}

async function linkFor(place: string): Promise<string> {
  const { ticket } = await tickets.ticket({ folder: place });
  return `naru://t/${ticket}?at=${new URL(door.origin).host}`;
}

async function pair(): Promise<void> {
  const pairing = begin("pair", door.origin);
  const [, code = ""] = await pairing.line(/^Type (\d{3}-\d{3}) at /);
  await tickets.confirmPairing(code.replace("-", ""));
  expect(await pairing.ended).toMatchObject({ code: 0, stderr: "" });
}

async function arrived(path: string): Promise<Uint8Array | undefined> {
  await expect.poll(() => files.has(path)).toBe(true);
  return files.get(path)?.bytes;
}

test("a server is paired by typing the agent's code there, without any page that reaches the agent", async () => {
  await pair();
  expect((await naru("pair")).stdout).toBe(`paired   ${door.origin}  ${door.user}\n`);
  expect(JSON.parse((await naru("pair", "list", "--json")).stdout)).toMatchObject({
    pending: [],
    servers: [{ origin: door.origin, user: door.user }],
  });
  expect((await naru("unpair", door.origin)).code).toBe(0);
  expect((await naru("pair")).stdout).toBe("");
  expect((await naru("unpair", door.origin)).code).toBe(3);
});

test("a link asks for a file in the system's dialog, which names the site, and sends it", async () => {
  await pair();
  const { file, bytes } = await fileOf("큰 파일.bin", 9 * MiB);
  await dialogChooses(file);
  const opened = await naru("open", await linkFor("in/"));
  expect(opened, opened.stderr).toMatchObject({ code: 0 });
  expect(Buffer.compare((await arrived("in/큰 파일.bin")) ?? Buffer.alloc(0), bytes)).toBe(0);
  expect(await readFile(join(folder.path, "asked"), "utf8")).toContain(`${door.origin}/in/`);
});

/** An upload that a page began, with its first part at the server, and the link to finish it in the agent. */
async function begunInPage(path: string, bytes: Buffer<ArrayBuffer>, file: string): Promise<string> {
  const { origin, user, password } = door;
  const auth = { kind: "basic", user, password } as const;
  const api = new NaruApi({ origin, auth });
  const modified = (await stat(file)).mtime.toISOString();
  const wish = { path, size: bytes.length, partSize: 5 * MiB, modified, conflict: "rename" } as const;
  const { id } = await api.create(wish);
  const body = bytes.subarray(0, 5 * MiB);
  const headers = {
    authorization: `Basic ${btoa(`${user}:${password}`)}`,
    "naru-epoch": "1",
    "content-md5": createHash("md5").update(body).digest("base64"),
  };
  const put = await fetch(`${origin}/api/uploads/${id}/parts/1`, { method: "PUT", body, headers });
  expect(put.status, await put.text()).toBeLessThan(300);
  const { ticket } = await tickets.ticket({ upload: id });
  return `naru://t/${ticket}?at=${new URL(origin).host}`;
}

test("a link of an upload that a page began goes on with its parts, and there is one file", async () => {
  await pair();
  const { file, bytes } = await fileOf("half.bin", 12 * MiB);
  const link = await begunInPage("in/half.bin", bytes, file);
  await dialogChooses(file);
  expect(await naru("open", link)).toMatchObject({ code: 0, stderr: "" });
  expect(Buffer.compare((await arrived("in/half.bin")) ?? Buffer.alloc(0), bytes)).toBe(0);
  expect(await readFile(join(folder.path, "asked"), "utf8")).toContain(`${door.origin}/in/half.bin`);
  expect([...files.keys()]).toEqual(["in/half.bin"]);
  expect(JSON.parse((await naru("list", "--json")).stdout)).toMatchObject({ partsSkipped: 1 });
});

test("a link of an upload refuses a file of another size, time or content, and the upload stays", async () => {
  await pair();
  const { file, bytes } = await fileOf("half.bin", 12 * MiB);
  const { atime, mtime } = await stat(file);
  const others: readonly [Buffer, Date][] = [
    [bytes.subarray(1), mtime],
    [bytes, new Date(mtime.getTime() - 60_000)],
    [Buffer.from(bytes).fill(0, 0, 10), mtime],
  ];
  for (const [content, time] of others) {
    const link = await begunInPage("in/half.bin", bytes, file);
    const other = join(folder.path, "other.bin");
    await writeFile(other, content);
    await utimes(other, atime, time);
    await dialogChooses(other);
    const opened = await naru("open", link);
    expect(opened.code).not.toBe(0);
    expect(opened.stderr).toMatch(/Cannot resume "half/);
  }
  expect((await naru("list")).stdout).toBe("");
  expect(files.size).toBe(0);
});

test("a link of a server that is not paired asks its user first, and goes on after the yes", async () => {
  const { file } = await fileOf("first.bin", MiB);
  await dialogChooses(file);
  const opening = begin("open", await linkFor("in/"));
  const [, code = ""] = await opening.line(/: (\d{3}-\d{3})$/);
  await tickets.confirmPairing(code.replace("-", ""));
  expect((await naru("pair")).stdout).toContain("waits");
  expect((await naru("pair", "allow", "000-00x")).code).toBe(3);
  expect((await naru("pair", "allow", code)).code).toBe(0);
  expect(await opening.ended).toMatchObject({ code: 0 });
  expect(await arrived("in/first.bin")).toHaveLength(MiB);
});

test("a pairing that is refused pairs nothing", async () => {
  const opening = begin("open", await linkFor("in/"));
  const [, code = ""] = await opening.line(/: (\d{3}-\d{3})$/);
  expect((await naru("pair", "refuse", code)).code).toBe(0);
  expect((await opening.ended).code).toBe(4);
  expect((await naru("pair")).stdout).toBe("");
});

test("naru://wake starts the agent and nothing else", async () => {
  expect((await naru("status")).code).toBe(1);
  expect(await naru("open", "naru://wake")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(JSON.parse((await naru("status", "--json")).stdout)).toMatchObject({ transfers: 0 });
});

test("what is no link of ours, and a ticket that is void, send nothing", async () => {
  await pair();
  await dialogChooses((await fileOf("a", 10)).file);
  for (const link of ["naru://x/y", "naru://t/a?at=ann@evil.example", "https://evil.example/"]) {
    expect((await naru("open", link)).code, link).toBe(2);
  }
  const host = new URL(door.origin).host;
  expect((await naru("open", `naru://t/no-such-ticket?at=${host}`)).code).toBe(4);
  const link = await linkFor("in/");
  expect((await naru("open", link)).code).toBe(0);
  expect((await naru("open", link)).code).toBe(4);
});

test("a dialog that is closed sends nothing", async () => {
  await pair();
  await dialogChooses("");
  expect(await naru("open", await linkFor("in/"))).toMatchObject({ code: 0, stdout: "" });
  expect((await naru("list")).stdout).toBe("");
});
