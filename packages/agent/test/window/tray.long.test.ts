/** The tray icon with its real helper, in a real tray and before a panel that reads its menu. */

import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { startAgent } from "../../src/agent.ts";
import { ControlClient } from "../../src/control/control-client.ts";
import { controlPath } from "../../src/control/control-path.ts";
import { Tray } from "../../src/window/tray.ts";
import { openFarSide } from "../transfers/far-side.ts";
import { Panel } from "./panel.ts";
import { openTrayWorld, type TrayWorld } from "./tray-world.ts";

needs("trayer");

const atRest = ["Nothing to send", "Open window", "Pause all", "Quit"];

let world: TrayWorld;
beforeEach(async () => {
  world = await openTrayWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Run xdotool on the display of this world. */
async function xdotool(...words: readonly string[]): Promise<string> {
  const { DISPLAY = "" } = world.env;
  await using program = new Program("xdotool", words, { env: { DISPLAY } });
  if ((await program.exited) !== 0) throw new Error(`Cannot do "${words.join(" ")}": ${program.output}`);
  return program.stdout.trim();
}

/** Wait for a window that is seen. */
function seenWindow(kind: string): Promise<string> {
  return xdotool("search", "--sync", "--onlyvisible", "--class", kind);
}

test("the icon stands in a tray, and a click on the last entry of its menu ends the agent", async () => {
  const { DISPLAY = "" } = world.env;
  const bus = { DBUS_SESSION_BUS_ADDRESS: world.bus };
  await using _tray = new Program("trayer", ["--edge", "top", "--widthtype", "request"], { env: { DISPLAY, ...bus } });
  const agent = await world.start();
  const icon = await seenWindow("^systray$");
  await xdotool("mousemove", "--window", icon, "5", "5", "click", "1");
  const menu = await seenWindow("^Naru-agent-tray$");
  const size = await xdotool("getwindowgeometry", "--shell", menu);
  const [, height = ""] = /HEIGHT=(\d+)/.exec(size) ?? [];
  await xdotool("mousemove", "--window", menu, "30", String(Number(height) - 15), "click", "1");
  expect(await agent.exited).toBe(0);
  expect(await world.helper()).toBeUndefined();
  expect(await world.log()).not.toContain("tray icon");
});

test("the menu says how far the files are, pauses and resumes them all, and speaks the user's language", async () => {
  await using far = await openFarSide();
  await using panel = await Panel.open(world.bus);
  await world.start();
  await expect.poll(() => panel.labels).toEqual(atRest);
  expect(panel.title).toBe("naru-agent-tray");
  expect(panel.menu?.map(({ enabled }) => enabled)).toEqual([false, true, false, true]);

  const file = join(world.folder, "slow.bin");
  await writeFile(file, randomBytes(60 * MiB));
  await writeFile(join(world.folder, "key"), far.to.privateKey, { mode: 0o600 });
  await world.run("settings", "--speed", "1");
  const trust = ["--host-key", far.to.hostKey, "--identity", join(world.folder, "key")];
  await world.run("send", file, "--to", far.url, ...trust);
  await expect.poll(() => panel.labels?.[0]).toMatch(/^Sending 1 file, \d+ %$/);
  panel.click("Pause all");
  await expect.poll(() => panel.labels).toEqual(["1 file is paused", "Open window", "Resume all", "Quit"]);
  expect(JSON.parse(await world.run("list", "--json"))).toMatchObject({ state: "paused" });

  panel.click("Resume all");
  await expect.poll(() => panel.labels?.[2]).toBe("Pause all");
  using control = await ControlClient.connect(controlPath(world.data));
  await control?.call({ command: "settings", change: { language: "ko" } });
  await expect.poll(() => panel.labels?.[0]).toMatch(/^파일 1개 보내는 중, \d+%$/);
  expect(panel.labels?.slice(1)).toEqual(["창 열기", "모두 일시정지", "종료"]);
});

test("an entry opens the window, and another ends the agent and takes the icon away", async () => {
  await using panel = await Panel.open(world.bus);
  const agent = await world.start();
  await expect.poll(() => panel.labels).toEqual(atRest);
  panel.click("Open window");
  await expect.poll(world.log).toContain("window shown by");
  expect(await readFile(join(world.folder, "shown"), "utf8")).toMatch(/^--app=http:\/\/127\.0\.0\.1:\d+\/ui\/#key=/);
  panel.click("Quit");
  expect(await agent.exited).toBe(0);
  await expect.poll(() => panel.menu).toBeUndefined();
});

test("a helper that is killed takes nothing with it, and an agent that is killed takes its icon along", async () => {
  await using panel = await Panel.open(world.bus);
  const first = await world.start();
  await expect.poll(() => panel.labels).toEqual(atRest);
  const helper = await world.helper();
  expect(helper).toBeDefined();
  if (helper !== undefined) process.kill(helper, "SIGKILL");
  await expect.poll(world.log).toContain("the tray icon is gone: it ended with SIGKILL");
  expect(await world.run("status")).toContain(world.data);
  await first.kill("SIGKILL");
  await expect.poll(() => panel.menu).toBeUndefined();

  const second = await world.start();
  await expect.poll(() => panel.labels).toEqual(atRest);
  await second.kill("SIGKILL");
  await expect.poll(() => panel.menu).toBeUndefined();
  await expect.poll(world.helper).toBeUndefined();
});

test("without a display, and when the agent is told to be headless, there is no icon and no word about it", async () => {
  for (const how of [{ options: ["--headless"] }, { display: "" }]) {
    const agent = await world.start(how);
    await world.run("quit");
    expect(await agent.exited).toBe(0);
    expect(agent.stderr).toBe("");
  }
  expect(await world.log()).not.toContain("tray icon");
  expect(await world.helper()).toBeUndefined();
});

test("a helper that cannot be started is told of once; one that ends is tried again once, and not when it was young", async () => {
  const agent = await startAgent({ dataDir: world.data, headless: true, log: () => undefined, pages: { ports: [0] } });
  const program = join(world.folder, "helper");
  const starts = join(world.folder, "starts");
  await writeFile(program, `#!/bin/sh\necho '{"type":"ready"}'\necho start >>${starts}\necho broken >&2\nexit 3\n`);
  await chmod(program, 0o755);
  const logOf = async (
    wrong: { program: string; worthRetryMs?: number },
    lines: number,
  ): Promise<readonly string[]> => {
    const log: string[] = [];
    const nothing = { openWindow: () => undefined, quit: () => undefined };
    const { transfers } = agent;
    const options = { icon: "", transfers, language: "en", log: (line: string) => void log.push(line) } as const;
    await using _tray = new Tray({ ...options, ...nothing, ...wrong });
    await expect.poll(() => log.length).toBe(lines);
    return log;
  };
  const gone = "the tray icon is gone: it ended with 3 (broken)";
  expect(await logOf({ program: join(world.folder, "absent") }, 1)).toEqual([expect.stringContaining("ENOENT")]);
  expect(await logOf({ program }, 1)).toEqual([gone]);
  expect(await logOf({ program, worthRetryMs: 0 }, 2)).toEqual([gone, gone]);
  expect(await readFile(starts, "utf8")).toBe("start\n".repeat(3));
  await agent.close();
});
