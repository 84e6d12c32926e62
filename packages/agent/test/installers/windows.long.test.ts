/** The Windows program and its installers, run by wine: what the agent does on Windows as far as Debian can tell. */

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AgentApi } from "@naru/client";
import { MiB } from "@naru/core";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { httpDoor } from "@naru/server/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { needs } from "../../../../test/peers/needs.ts";
import { openDoor } from "../../../server/test/sftp/door.ts";
import { buildAgent } from "../../installers/build.ts";
import { Page } from "../socket/page.ts";
import { exists, openWine, type Started, type Wine, windowsPath } from "./wine.ts";

needs("makensis", "wixl", "osslsigncode", "openssl");

const run = promisify(execFile);
const userKeys = "HKCU\\Software";
const runKey = "Software\\Microsoft\\Windows\\CurrentVersion\\Run";
const userUninstallKey = `${userKeys}\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\NaruAgent`;
const machineProgram = "C:\\Program Files\\Naru Agent\\naru-agent.exe";

let folder: string;
let wine: Wine;
let program: string;
let setup: string;
let msi: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-windows-"));
  const sign = await selfSigning();
  [program = "", setup = "", msi = ""] = await buildAgent("win-x64", { fast: true, out: folder, sign });
  wine = await openWine();
}, 240_000);

afterAll(async () => {
  await wine?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** The command that a builder with a certificate would give, with one that nobody trusts. */
async function selfSigning(): Promise<string> {
  const [key, certificate] = [join(folder, "sign.key"), join(folder, "sign.pem")];
  const subject = ["-subj", "/CN=Naru test", "-days", "2", "-addext", "extendedKeyUsage=codeSigning"];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    ...subject,
    "-keyout",
    key,
    "-out",
    certificate,
  ]);
  const sign = `osslsigncode sign -certs ${certificate} -key ${key} -h sha256 -in {file} -out {file}.signed`;
  return `${sign} && mv {file}.signed {file}`;
}

async function expectSigned(file: string): Promise<void> {
  const { stdout } = await run("osslsigncode", ["verify", "-CAfile", join(folder, "sign.pem"), "-in", file]);
  expect(stdout).toContain("Signature verification: ok");
}

/** Start the agent and wait until it answers. */
async function startAgent(exe: string, ...options: readonly string[]): Promise<Started> {
  const agent = await wine.start(exe, "start", "--headless", ...options);
  await answers(exe, ...options);
  return agent;
}

async function answers(exe: string, ...options: readonly string[]): Promise<string> {
  for (;;) {
    const { code, output } = await wine.run(exe, "status", ...options);
    if (code === 0) return output;
  }
}

function installed(name = ""): string {
  return join(wine.localAppData, "Programs/NaruAgent", name);
}

async function installedProgram(): Promise<string> {
  const home = await wine.registry(`${userKeys}\\Naru Agent`, "InstallDir");
  return `${home}\\naru-agent.exe`;
}

test("the Windows program runs without a console of its own and tells its version", async () => {
  const header = await readFile(program);
  const pe = header.readUInt32LE(0x3c);
  const subsystemGui = 2;
  expect(header.readUInt16LE(pe + 0x5c)).toBe(subsystemGui);
  const { code, output } = await wine.run(program, "--version");
  expect(output).toMatch(/^\d+\.\d+\.\d+\s*$/);
  expect(code).toBe(0);
});

test("the Windows program sends a file to an SFTP server whose key it was told, and serves pages", async () => {
  const files = new Map<string, MemoryFile>();
  await using door = await openDoor({ store: memoryStore(files) });
  const data = ["--data", windowsPath(join(folder, "data"))];
  const agent = await startAgent(program, ...data);
  const file = join(folder, "큰 파일.bin");
  const bytes = randomBytes(24 * MiB + 7);
  await writeFile(file, bytes);
  const order = ["send", windowsPath(file), "--to", `sftp://ann:secret@127.0.0.1:${door.port}/`, ...data];

  const refused = await wine.run(program, ...order);
  expect(refused.code).toBe(4);
  const [hostKey = ""] = /SHA256:[\w+/]{43}/.exec(refused.output) ?? [];
  const sent = await wine.run(program, ...order, "--host-key", hostKey, "--wait");
  expect(sent).toMatchObject({ code: 0 });
  const [arrived] = [...files].filter(([path]) => path.endsWith("큰 파일.bin"));
  expect(Buffer.compare(arrived?.[1].bytes ?? Buffer.alloc(0), bytes)).toBe(0);

  const [, port] =
    /listening for pages on port (\d+)/.exec(await readFile(join(folder, "data/agent.log"), "utf8")) ?? [];
  const stranger = { headers: { origin: "https://stranger.example" } };
  expect((await fetch(`http://127.0.0.1:${port}/v1`, stranger)).status).toBe(404);

  expect(await wine.run(program, "quit", ...data)).toMatchObject({ code: 0 });
  expect(await agent.ended).toMatchObject({ code: 0 });
});

test("send starts the Windows program when it does not run, and returns", async () => {
  const files = new Map<string, MemoryFile>();
  await using door = await openDoor({ store: memoryStore(files) });
  const data = ["--data", windowsPath(join(folder, "started"))];
  const file = join(folder, "started.bin");
  await writeFile(file, randomBytes(3 * MiB));
  const order = ["send", windowsPath(file), "--to", `sftp://ann:secret@127.0.0.1:${door.port}/`, ...data];
  const refused = await wine.run(program, ...order);
  expect(refused).toMatchObject({ code: 4 });
  const [hostKey = ""] = /SHA256:[\w+/]{43}/.exec(refused.output) ?? [];
  expect(await wine.run(program, ...order, "--host-key", hostKey)).toMatchObject({ code: 0 });
  await expect.poll(() => [...files.values()].map(({ bytes }) => bytes.length)).toEqual([3 * MiB]);
  expect(await wine.run(program, "quit", ...data)).toMatchObject({ code: 0 });
});

test("the Windows program is paired on its command line, takes a page's file over WebSocket and sends it", async () => {
  const files = new Map<string, MemoryFile>();
  const door = await httpDoor(memoryStore(files));
  const data = ["--data", windowsPath(join(folder, "fed"))];
  await startAgent(program, ...data);
  const [, port] =
    /listening for pages on port (\d+)/.exec(await readFile(join(folder, "fed/agent.log"), "utf8")) ?? [];
  const page = await Page.open(Number(port), door.origin);
  const auth = { kind: "basic", user: door.user, password: door.password } as const;
  const tickets = new AgentApi({ origin: door.origin, auth });

  const paired = page.call({ kind: "pair" });
  const said = await page.hear((message) => message.kind === "pairing");
  const code = said.kind === "pairing" ? said.code : "";
  expect((await wine.run(program, "pair", "list", ...data)).output).toContain(code);
  expect(await wine.run(program, "pair", "allow", code, ...data)).toMatchObject({ code: 0 });
  await tickets.confirmPairing(code);
  expect(await paired).toMatchObject({ kind: "paired", user: door.user });

  const bytes = randomBytes(20 * MiB + 1);
  const modifiedMs = Date.parse("2026-11-01");
  const file = { name: "쪽.bin", size: bytes.length, modifiedMs };
  const wish = { path: file.name, size: file.size, modified: new Date(modifiedMs).toISOString() };
  const { ticket } = await tickets.ticket({ file: wish });
  await page.feed(await page.feeding({ kind: "create", ticket, file }), bytes);
  await expect.poll(() => files.has("쪽.bin")).toBe(true);
  expect(Buffer.compare(files.get("쪽.bin")?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
  await page.close();
  expect(await wine.run(program, "quit", ...data)).toMatchObject({ code: 0 });
  await door.close();
});

test("the program and what installs it carry the builder's signature", async () => {
  for (const file of [program, setup, msi]) await expectSigned(file);
});

test("the setup installs silently for one user: menu, sign-in, naru:// and the list of programs", async () => {
  const { code } = await wine.run(setup, "/S", "/ALLOWED_ORIGINS=https://files.example.com,https://b.example");
  expect(code).toBe(0);
  const exe = await installedProgram();
  expect(await wine.registry(`HKCU\\${runKey}`, "Naru Agent")).toBe(`"${exe}" start --no-window`);
  expect(await wine.registry(`${userKeys}\\Classes\\naru\\shell\\open\\command`, "")).toBe(`"${exe}" open "%1"`);
  expect(await wine.registry(userUninstallKey, "DisplayName")).toBe("Naru Agent");
  expect(await wine.registry(`${userKeys}\\Naru Agent`, "AllowedOrigins")).toBe(
    "https://files.example.com,https://b.example",
  );
  expect(await menuEntries()).toEqual(["Naru Agent.lnk"]);
  await expectSigned(installed("uninstall.exe"));
  await expectSigned(installed("naru-agent-tray.exe"));
  await expectSigned(installed("naru-agent-window.node"));
  const { output } = await wine.run("cmd", "/c", exe.replace("naru-agent.exe", "bin\\naru-agent.cmd"), "--version");
  expect(output).toMatch(/^\d+\.\d+\.\d+/);
});

async function menuEntries(): Promise<readonly string[]> {
  const roaming = join(wine.localAppData, "../Roaming/Microsoft/Windows/Start Menu/Programs");
  return (await readdir(roaming)).filter((name) => name.startsWith("Naru"));
}

test("the setup over a running agent makes it quit, replaces it and starts it again", async () => {
  const exe = await installedProgram();
  const agent = await startAgent(exe);
  const log = await readFile(join(wine.localAppData, "NaruAgent/agent.log"), "utf8");
  expect(log).toContain("only these sites may be paired: https://files.example.com https://b.example");
  const pid = /pid: (\d+)/.exec(await answers(exe))?.[1];
  await wine.run("reg", "delete", `HKCU\\${runKey}`, "/v", "Naru Agent", "/f");

  expect(await wine.run(setup, "/S")).toMatchObject({ code: 0 });
  expect(await agent.ended).toMatchObject({ code: 0 });
  expect(/pid: (\d+)/.exec(await answers(exe))?.[1]).not.toBe(pid);
  // There is no desktop for an icon, so its helper ends; nothing else does.
  const agentLog = (): Promise<string> => readFile(join(wine.localAppData, "NaruAgent/agent.log"), "utf8");
  await expect.poll(agentLog).toContain("the tray icon is gone");
  // Whoever had switched the start at sign-in off is not asked to do it again.
  expect(await wine.registry(`HKCU\\${runKey}`, "Naru Agent")).toBeUndefined();
});

test("the setup ends an agent that does not hear its call to quit", async () => {
  const exe = await installedProgram();
  const elsewhere = windowsPath(join(folder, "elsewhere"));
  const agent = await startAgent(exe, "--data", elsewhere);
  expect(await wine.run(setup, "/S")).toMatchObject({ code: 0 });
  await agent.ended;
  // It had no time to say that it ends.
  expect(await readFile(join(folder, "elsewhere/agent.log"), "utf8")).not.toContain("agent ends");
});

test("the uninstaller ends the agent and leaves nothing: no files, no data, no registry", async () => {
  const data = join(wine.localAppData, "NaruAgent");
  expect(await exists(data)).toBe(true);
  // `_?=` keeps the uninstaller from moving itself to a temporary folder, so that it can be waited for.
  const home = (await installedProgram()).replace("\\naru-agent.exe", "");
  expect(await wine.run(`${home}\\uninstall.exe`, "/S", `_?=${home}`)).toMatchObject({ code: 0 });
  expect(await exists(installed("naru-agent.exe"))).toBe(false);
  expect(await exists(installed("naru-agent-tray.exe"))).toBe(false);
  expect(await exists(installed("naru-agent-window.node"))).toBe(false);
  expect(await exists(installed("bin"))).toBe(false);
  expect(await exists(data)).toBe(false);
  expect(await menuEntries()).toEqual([]);
  for (const key of [`${userKeys}\\Naru Agent`, `${userKeys}\\Classes\\naru`, userUninstallKey]) {
    expect((await wine.run("reg", "query", key)).code).not.toBe(0);
  }
});

test("the MSI installs silently for all users, keeps its origins over an upgrade, and is removed", async () => {
  const first = windowsPath(msi);
  const install = await wine.run("msiexec", "/i", first, "/qn", "ALLOWED_ORIGINS=https://files.example.com");
  expect(install.code).toBe(0);
  expect(await wine.registry("HKLM\\Software\\Naru Agent", "AllowedOrigins")).toBe("https://files.example.com");
  expect(await wine.registry(`HKLM\\${runKey}`, "Naru Agent")).toBe(`"${machineProgram}" start --no-window`);
  const machineTray = join(wine.drive, "Program Files/Naru Agent/naru-agent-tray.exe");
  expect(await exists(machineTray)).toBe(true);
  const agent = await startAgent(machineProgram);

  const newer = windowsPath(await newerMsi());
  expect((await wine.run("msiexec", "/i", newer, "/qn")).code).toBe(0);
  expect(await agent.ended).toMatchObject({ code: 0 });
  expect(await wine.registry("HKLM\\Software\\Naru Agent", "AllowedOrigins")).toBe("https://files.example.com");
  expect((await wine.run(machineProgram, "--version")).code).toBe(0);

  expect((await wine.run("msiexec", "/x", newer, "/qn")).code).toBe(0);
  expect(await exists(join(wine.drive, "Program Files/Naru Agent/naru-agent.exe"))).toBe(false);
  expect(await exists(machineTray)).toBe(false);
  expect(await wine.registry(`HKLM\\${runKey}`, "Naru Agent")).toBeUndefined();
  expect((await wine.run("reg", "query", "HKLM\\Software\\Classes\\naru")).code).not.toBe(0);
});

/** The same program in an MSI that says it is newer. */
async function newerMsi(): Promise<string> {
  const { makeMsi } = await import("../../installers/msi.ts");
  const { prepareSigning } = await import("../../installers/sign.ts");
  const out = await mkdtemp(join(folder, "newer-"));
  const license = join(out, "LICENSES.txt");
  await writeFile(license, "");
  const signing = await prepareSigning(undefined, out);
  const [tray, window] = [join(folder, "naru-agent-tray.exe"), join(folder, "naru-agent-window.node")];
  return makeMsi({ program, tray, window, version: "99.0.0", license, work: out, out, fast: true, signing });
}
