/** "Agent first": where a page cannot hand a file over, the agent opens it by the page's link and finishes the page's upload. */

import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startAgent } from "@naru/agent";
import { AgentApi } from "@naru/client";
import type { Locator, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type Chromium, startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { admin } from "../harness/naru-server.ts";
import { Program } from "../harness/program.ts";
import { folderWorld, type World } from "../harness/world.ts";

const agentProgram: string = new URL("../../packages/agent/bin/naru-agent.js", import.meta.url).pathname;
const name = "현장 기록.bin";
const size = 256 * MiB;

let stack: AsyncDisposableStack;
let world: World & { readonly kept: string };
let chromium: Chromium;
let opened: Page;
let page: ConsolePage;
let sha256: string;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  world = stack.use(await folderWorld());
  chromium = stack.use(await startChromium({ profile: world.file("profile") }));
  sha256 = await makeFile(world.file(name), size);
  opened = await chromium.newPage();
  page = await ConsolePage.open(opened, world.origin);
});
afterEach(() => stack.disposeAsync());

function program(...args: readonly string[]): Program {
  const path = `${world.file("bin")}:${process.env["PATH"]}`;
  const env = { NARU_AGENT_DATA: world.file("agent"), PATH: path, DISPLAY: "" };
  return new Program(process.execPath, [agentProgram, ...args], { env });
}

function agent(...args: readonly string[]): Program {
  return stack.use(program(...args));
}

async function pair(): Promise<void> {
  const pairing = agent("pair", world.origin);
  const [, code = ""] = await pairing.printed(/Type (\d{3}-\d{3}) at /);
  const api = new AgentApi({ origin: world.origin, auth: { kind: "basic", ...admin } });
  await api.confirmPairing(code.replace("-", ""));
  expect(await pairing.exited, pairing.output).toBe(0);
}

/** A script stands where the person at the system's dialog is. */
async function personChooses(file: string): Promise<void> {
  await mkdir(world.file("bin"), { recursive: true });
  await writeFile(world.file("bin/zenity"), `#!/bin/sh\nprintf '%s' '${file}'\n`);
  await chmod(world.file("bin/zenity"), 0o755);
}

/** The person's answer to Chromium's question about programs on this device. */
async function answer(setting: "granted" | "denied"): Promise<void> {
  const session = await opened.context().newCDPSession(opened);
  const permission = { name: "loopback-network" };
  await session.send("Browser.setPermission", { permission, setting, origin: world.origin } as never);
}

async function want(path: string): Promise<Locator> {
  await page.row(path).locator("[data-action=agent]").click();
  const link = opened.locator(`naru-agent [data-action=agent-first][data-for="${path}"]`);
  await link.waitFor({ state: "attached" });
  return link;
}

async function follow(link: Locator): Promise<void> {
  // The agent that `open` starts is nobody's child.
  stack.defer(async () => void (await program("quit").exited));
  const opening = agent("open", (await link.getAttribute("href")) ?? "");
  expect(await opening.exited, opening.output).toBe(0);
}

/** All of the file under its own name, once, and the page says so in its rows and in its list. */
async function arrivedOnce(): Promise<void> {
  await page.waitState(name, "done");
  const files = (await readdir(world.kept)).filter((one) => one.startsWith("현장"));
  expect(files).toEqual([name]);
  const bytes = await readFile(join(world.kept, name));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  await opened.locator("naru-files").getByText(name).first().waitFor({ state: "attached" });
}

async function sentByAgent(): Promise<{ readonly partsSkipped: number }> {
  const listing = agent("list", "--json");
  await listing.exited;
  return JSON.parse(listing.stdout);
}

test("an upload begun in the browser is finished in the agent from its link: one upload, which the page follows to its end", async () => {
  await pair();
  await personChooses(world.file(name));
  await answer("denied");
  world.line.bytesPerSecond = 16 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, 8 * MiB);
  const link = await want(name);
  const before = await page.confirmed(name);
  await page.waitConfirmed(name, before);
  await follow(link);
  const row = page.row(name);
  await row.locator("[data-action=pause]").waitFor({ state: "detached" });
  await page.waitConfirmed(name, (await page.confirmed(name)) + MiB);
  expect(await page.state(name)).toBe("uploading");
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await arrivedOnce();
  expect((await sentByAgent()).partsSkipped).toBeGreaterThan(0);
});

test("what the agent has taken is taken back with a click: the browser goes on with the same upload", async () => {
  await pair();
  await personChooses(world.file(name));
  await answer("denied");
  world.line.bytesPerSecond = 16 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, 8 * MiB);
  // While programs start and pages are clicked, next to nothing is sent: much is left at the end, on slow machines too.
  world.line.bytesPerSecond = MiB / 2;
  await follow(await want(name));
  const back = page.row(name).locator("[data-action=browser]");
  await back.waitFor();
  await opened.locator("naru-transfers h2", { hasText: "Sending 1 file" }).waitFor();
  world.line.bytesPerSecond = 8 * MiB;
  const upload = await page.row(name).getAttribute("data-transfer");
  const before = await page.confirmed(name);
  await page.waitConfirmed(name, before + MiB);
  world.line.bytesPerSecond = MiB / 2;
  await back.click();
  await page.row(name).locator("[data-action=pause]").waitFor();
  // Now the browser has the upload; before, the agent could finish it first.
  await page.waitState(name, "uploading");
  expect(await page.row(name).getAttribute("data-transfer")).toBe(upload);
  expect(await page.confirmed(name)).toBeGreaterThan(before);
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await arrivedOnce();
  expect(await sentByAgent()).toMatchObject({ state: "failed", error: { code: "superseded" } });
});

test("a link that nobody opens stops nothing: the browser sends the file to its end", async () => {
  await answer("denied");
  world.line.bytesPerSecond = 16 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, 8 * MiB);
  await want(name);
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await arrivedOnce();
});

test("each of several files has its own link", async () => {
  await makeFile(world.file("둘째.bin"), size);
  await answer("denied");
  world.line.bytesPerSecond = MiB;
  await page.chooseFiles(world.file(name), world.file("둘째.bin"));
  const hrefs = [await want(name), await want("둘째.bin")].map((link) => link.getAttribute("href"));
  expect(new Set(await Promise.all(hrefs)).size).toBe(2);
});

test("a file that the page has lost is chosen in the agent, and its upload goes on", async () => {
  await pair();
  await personChooses(world.file(name));
  world.line.bytesPerSecond = 16 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, 8 * MiB);
  await opened.reload();
  await page.waitState(name, "needs-file");
  const link = await want(name);
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await follow(link);
  await arrivedOnce();
  expect((await sentByAgent()).partsSkipped).toBeGreaterThan(0);
});

test("an agent within reach asks at once for the file that the page has lost, and the page follows", async () => {
  const pages = { allowedOrigins: [world.origin], pickFiles: async () => [world.file(name)] };
  const running = await startAgent({ dataDir: world.file("agent"), headless: true, log: () => undefined, pages });
  stack.defer(() => running.close());
  await pair();
  await answer("granted");
  world.line.bytesPerSecond = 16 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, 8 * MiB);
  await opened.reload();
  await page.waitState(name, "needs-file");
  // Nothing to press: where the browser permits it, the page has found the agent by itself.
  await opened.waitForFunction(() => {
    const app = document.querySelector("naru-app");
    const element = app?.shadowRoot?.querySelector<HTMLElement & { agent?: { view: { presence: string } } }>(
      "naru-agent",
    );
    return element?.agent?.view.presence === "ready";
  });
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.row(name).locator("[data-action=agent]").click();
  await arrivedOnce();
  expect(running.transfers.list()).toMatchObject([{ state: "done", way: "direct" }]);
});
