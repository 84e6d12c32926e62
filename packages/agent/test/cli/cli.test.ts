/** The command line as a user meets it: processes, their output and exit codes. */

import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { admin, serveNaru } from "../../../../test/harness/naru-server.ts";
import { pyftpdlib } from "../stores/pyftpdlib.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { type FarSide, openFarSide } from "../transfers/far-side.ts";
import { bin, type Ended, runNaruAgent } from "./naru-agent.ts";

let far: FarSide;
let folder: TempFolder;
let key: string[];

beforeEach(async () => {
  far = await openFarSide();
  folder = await tempFolder();
  const identity = join(folder.path, "key");
  await writeFile(identity, String(far.server.target.privateKey), { mode: 0o600 });
  key = ["--identity", identity];
});
afterEach(async () => {
  await naru("quit");
  await far[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const naru = (...args: string[]): Promise<Ended> => naruWith({}, ...args);

function naruWith(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return runNaruAgent(args, { NARU_AGENT_DATA: join(folder.path, "data"), ...env });
}

const trusting = (): string[] => [...key, "--host-key", far.server.target.hostKey ?? ""];

async function fileOf(name: string, size: number): Promise<{ file: string; bytes: Buffer }> {
  const bytes = randomBytes(size);
  const file = join(folder.path, name);
  await writeFile(file, bytes);
  return { file, bytes };
}

test("send starts the agent and returns at once; the file arrives", async () => {
  const { file, bytes } = await fileOf("film.mov", 12 * MiB);
  const sent = await naru("send", file, "--to", far.url, ...trusting());
  expect(sent.code, sent.stderr).toBe(0);
  const status = JSON.parse((await naru("status", "--json")).stdout);
  expect(status).toMatchObject({ transfers: 1, dataDir: join(folder.path, "data") });
  expect(status.pid).toBeGreaterThan(1);
  const again = await naru("send", file, "--to", `${far.url}second/`, ...key, "--wait", "--json");
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ state: "done", path: "film.mov", size: bytes.length });
  expect(bytes.equals(await readFile(far.fileOf("second/film.mov")))).toBe(true);
  expect((await naru("quit")).code).toBe(0);
  expect((await naru("status")).code).toBe(1);
});

test("a folder is sent with what is in it", async () => {
  await mkdir(join(folder.path, "tree", "deep"), { recursive: true });
  await writeFile(join(folder.path, "tree", "deep", "a.txt"), "a");
  await writeFile(join(folder.path, "tree", "empty"), "");
  const sent = await naru("send", join(folder.path, "tree"), "--to", far.url, ...trusting(), "--wait");
  expect(sent.code, sent.stderr).toBe(0);
  expect(await readFile(far.fileOf("tree/deep/a.txt"), "utf8")).toBe("a");
  expect(await readFile(far.fileOf("tree/empty"), "utf8")).toBe("");
});

test("a server whose key nobody named is refused, with the fingerprint; one named once is known", async () => {
  const { file } = await fileOf("a", 10);
  const strange = await naru("send", file, "--to", far.url, ...key, "--wait");
  expect(strange.code).toBe(4);
  expect(strange.stderr).toContain(far.server.target.hostKey ?? "no key");
  const wrong = `SHA256:${"A".repeat(43)}`;
  expect((await naru("send", file, "--to", far.url, ...key, "--wait", "--host-key", wrong)).code).toBe(4);
  expect((await naru("send", file, "--to", far.url, ...trusting(), "--wait")).code).toBe(0);
  expect((await naru("send", file, "--to", far.url, ...key, "--wait")).code).toBe(0);
});

test("the exit code tells wrong usage from a file that is not there", async () => {
  const { file } = await fileOf("a", 10);
  expect((await naru("send", file)).code).toBe(2);
  expect((await naru("send", file, "--to", "gopher://x/")).code).toBe(2);
  expect((await naru("send", join(folder.path, "none"), "--to", far.url)).code).toBe(3);
  expect((await naru("--help")).stdout).toContain("naru-agent");
  expect((await naru("send", "--help")).stdout).toContain("Examples:");
  const bad = await naru("send", file, "--to", "sftp://:geheim@/");
  expect(bad.code).toBe(2);
  expect(bad.stderr).not.toContain("geheim");
});

test("transfers are paused, resumed and cancelled by their ids, or all at once", async () => {
  const { file, bytes } = await fileOf("slow", 6 * MiB);
  await naru("send", file, "--to", "sftp://x@127.0.0.1:1/", ...trusting());
  expect((await naru("settings", "--speed", "1", "--at-once", "1")).stdout).toContain("bytesPerSecond: 1048576");
  await naru("send", file, "--to", far.url, ...trusting());
  const list = async () =>
    (await naru("list", "--json")).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const [first, second] = await list();
  expect((await naru("pause", "all")).code).toBe(0);
  expect((await list()).map(({ state }) => state)).toEqual(["paused", "paused"]);
  expect((await naru("cancel", first.id)).code).toBe(0);
  expect((await naru("resume", second.id.slice(0, 8))).code).toBe(0);
  expect((await naru("settings", "--speed", "0")).code).toBe(0);
  expect((await naru("cancel", "no-such-id")).code).toBe(3);
  expect((await naru("remove", first.id)).code).toBe(0);
  const waited = await naru("send", file, "--to", `${far.url}b/`, ...key, "--wait");
  expect(waited.code, waited.stderr).toBe(0);
  expect((await list()).map(({ state }) => state)).toEqual(["done", "done"]);
  expect(bytes.equals(await readFile(far.fileOf("slow")))).toBe(true);
});

test("a second agent of the same folder is not started; the first goes on", async () => {
  const { file } = await fileOf("a", 10);
  await naru("send", file, "--to", far.url, ...trusting());
  const { pid } = JSON.parse((await naru("status", "--json")).stdout);
  const second = await naru("start", "--headless");
  expect(second).toMatchObject({ code: 0, stdout: "naru-agent runs already\n" });
  expect(JSON.parse((await naru("status", "--json")).stdout).pid).toBe(pid);
});

test("two commands at once start one agent", async () => {
  const { file } = await fileOf("a", 10);
  const folders = ["x", "y", "z"].map((name) => `${far.url}${name}/`);
  const sent = await Promise.all(folders.map((to) => naru("send", file, "--to", to, ...trusting(), "--wait")));
  expect(sent.map(({ code, stderr }) => [code, stderr])).toEqual(folders.map(() => [0, ""]));
  expect(JSON.parse((await naru("status", "--json")).stdout)).toMatchObject({ transfers: 3 });
});

test.skipIf(process.getuid?.() !== 0)("another user of this computer is refused (needs root)", async () => {
  const { file } = await fileOf("a", 10);
  await naru("send", file, "--to", far.url, ...trusting());
  // Only the agent's own folder keeps others out.
  await chmod(folder.path, 0o755);
  const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", process.execPath, bin];
  for (const words of [["list"], ["quit"], ["send", file, "--to", far.url]]) {
    const ask = () =>
      execFileSync("setpriv", [...nobody, ...words, "--data", join(folder.path, "data")], { stdio: "pipe" });
    expect(ask, words.join(" ")).toThrow(/belongs to another user/);
  }
  expect((await naru("status")).code).toBe(0);
});

test("killed while it sends a file of this computer, it goes on where it was", async () => {
  const { file, bytes } = await fileOf("killed.bin", 64 * MiB);
  await naru("send", join(folder.path, "key"), "--to", far.url, ...trusting());
  // Slow enough that programs can be started meanwhile, on any machine.
  expect((await naru("settings", "--speed", "6")).code).toBe(0);
  const sent = await naru("send", file, "--to", far.url, ...trusting());
  expect(sent.code, sent.stderr).toBe(0);
  let skipped = 0;
  for (let kill = 0; kill < 2; kill++) {
    const view = await progressed(skipped * 8 * MiB);
    process.kill(JSON.parse((await naru("status", "--json")).stdout).pid, "SIGKILL");
    skipped = Math.floor(view.confirmed / (8 * MiB));
    // Whoever sends next starts it again.
    await naru("send", join(folder.path, "key"), "--to", far.url, ...trusting());
  }
  expect((await naru("settings", "--speed", "0")).code).toBe(0);
  const waited = await naru("send", join(folder.path, "key"), "--to", `${far.url}x/`, ...key, "--wait");
  expect(waited.code, waited.stderr).toBe(0);
  const done = await progressed(bytes.length - 1);
  expect(done.partsSkipped).toBeGreaterThanOrEqual(skipped);
  expect(done.bytesSent).toBeLessThanOrEqual(bytes.length - skipped * 8 * MiB);
  await expect.poll(async () => (await large())?.state).toBe("done");
  expect(bytes.equals(await readFile(far.fileOf("killed.bin")))).toBe(true);
});

interface Listed {
  readonly path: string;
  readonly state: string;
  readonly confirmed: number;
  readonly partsSkipped: number;
  readonly bytesSent: number;
}

async function large(): Promise<Listed | undefined> {
  const lines = (await naru("list", "--json")).stdout.trim().split("\n");
  return lines.map((line) => JSON.parse(line)).find(({ path }) => path === "killed.bin");
}

async function progressed(from: number): Promise<Listed> {
  let view = await large();
  const confirmed = async (): Promise<number> => {
    view = await large();
    return view?.confirmed ?? 0;
  };
  await expect.poll(confirmed).toBeGreaterThan(from);
  if (view === undefined) throw new Error("the transfer is gone");
  return view;
}

test("an FTP server takes files, and its password is nowhere to be seen", async () => {
  await using ftp = await pyftpdlib();
  const { user, password, port } = ftp.target;
  const { file, bytes } = await fileOf("to ftp.bin", 10 * MiB);
  const to = `ftp://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURI("받은 파일")}/sub/`;
  const sent = await naru("send", file, "--to", to, "--wait");
  expect(sent.code, sent.stderr).toBe(0);
  expect(bytes.equals(await readFile(join(ftp.files, "sub", "to ftp.bin")))).toBe(true);
  const log = await readFile(join(folder.path, "data", "agent.log"), "utf8");
  expect(sent.stdout + sent.stderr + log).not.toMatch(/비밀|%EB%B9%84/);
});

test("a Naru server takes files, with the token or the password that the URL has", async () => {
  const dir = join(folder.path, "server");
  await mkdir(dir);
  const env = { NARU_ADMIN_PASSWORD: admin.password };
  await using server = await serveNaru({ dir, store: `file:${join(dir, "files")}`, env });
  const { file, bytes } = await fileOf("to naru.bin", 20 * MiB);
  const to = `http://${admin.user}:${encodeURIComponent(admin.password)}@127.0.0.1:${server.port}/in/`;
  const sent = await naru("send", file, "--to", to, "--wait", "--json");
  expect(sent.code, sent.stderr).toBe(0);
  expect(sent.stdout).not.toContain(admin.password);
  expect(JSON.parse(sent.stdout)).toMatchObject({ state: "done", path: "to naru.bin" });
  expect(bytes.equals(await readFile(join(dir, "files", "in", "to naru.bin")))).toBe(true);
  const refused = await naruWith({ NARU_TOKEN: "wrong" }, "send", file, "--to", server.origin, "--wait");
  expect(refused.code).toBe(4);
});

test("output that nobody reads any more is no error", async () => {
  const child = spawn(process.execPath, [bin, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(complaint).toBe("");
});
