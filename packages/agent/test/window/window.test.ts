import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Desktop } from "../../src/window/desktop.ts";
import { inState, when } from "../transfers/far-side.ts";
import { openWindowWorld, type WindowWorld } from "./world.ts";

let world: WindowWorld;
/** What the person before the screen does in the system's dialogs. */
let picked: readonly string[] | undefined;
let isAutostart = false;
const desktop: Desktop = {
  pickFiles: async () => picked,
  autostart: {
    isOn: async () => isAutostart,
    set: async (on) => {
      isAutostart = on;
    },
  },
  notify: async () => undefined,
};

beforeEach(async () => {
  picked = undefined;
  isAutostart = false;
  world = await openWindowWorld(desktop);
});
afterEach(() => world[Symbol.asyncDispose]());

async function fileOf(name: string, size: number): Promise<{ file: string; bytes: Buffer }> {
  const bytes = randomBytes(size);
  const file = join(world.folder, "files", name);
  await writeFile(file, bytes);
  return { file, bytes };
}

const item = (page: Page, state = "") => page.locator(`li.item${state === "" ? "" : `[data-state=${state}]`}`);

test("a transfer's progress is shown as it comes, and its arrival", async () => {
  await world.agent.transfers.change({ bytesPerSecond: 8 * MiB });
  const page = await world.open();
  const { file, bytes } = await fileOf("영화.mov", 24 * MiB);
  await world.agent.transfers.send({ file, to: world.far.to });
  await item(page, "uploading").waitFor();
  await page.waitForFunction(() => {
    const row = document.querySelector("naru-agent-window")?.shadowRoot?.querySelector("li");
    return Number(row?.getAttribute("data-confirmed")) > 0;
  });
  expect(await item(page).locator(".bar").getAttribute("aria-valuetext")).toMatch(/percent/);
  expect(await item(page).locator(".detail").textContent()).toMatch(/MB\/s/);
  await world.agent.transfers.change({ bytesPerSecond: undefined });
  await item(page, "done").waitFor();
  expect(await item(page).getAttribute("data-confirmed")).toBe(String(bytes.length));
});

test("a transfer is paused, resumed and cancelled by keys", async () => {
  await world.agent.transfers.change({ bytesPerSecond: 2 * MiB });
  const { file } = await fileOf("big.bin", 32 * MiB);
  const { id } = await world.agent.transfers.send({ file, to: world.far.to });
  const page = await world.open();
  await item(page, "uploading").waitFor();
  await page.keyboard.press("Tab");
  while (!(await item(page).evaluate((row) => row.matches(":focus")))) await page.keyboard.press("Tab");
  await page.keyboard.press(" ");
  await item(page, "paused").waitFor();
  expect(world.agent.transfers.get(id)?.state).toBe("paused");
  await page.keyboard.press(" ");
  await item(page, "uploading").waitFor();
  await page.keyboard.press("Delete");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  expect(world.agent.transfers.get(id)?.state).not.toBe("cancelled");
  await item(page).focus();
  await page.keyboard.press("Delete");
  await page.locator("[data-action=cancel-now]").click();
  await item(page, "cancelled").waitFor();
});

test("settings are kept over a restart of the agent, and the language changes at once", async () => {
  const page = await world.open();
  await page.locator("[data-view=settings]").click();
  await page.locator("[name=atOnce]").fill("2");
  await page.locator("[name=atOnce]").press("Tab");
  await page.locator("[name=speed]").fill("12.5");
  await page.locator("[name=speed]").press("Tab");
  await page.locator("[name=autostart]").check();
  await page.locator("[name=language]").selectOption("ko");
  await page.locator("[data-view=settings]", { hasText: "설정" }).waitFor();
  await world.restart();
  expect(world.agent.transfers.settings).toMatchObject({ atOnce: 2, bytesPerSecond: 12_500_000, language: "ko" });
  expect(isAutostart).toBe(true);
  await page.getByText("에이전트가 종료되었습니다").waitFor();
});

test("files chosen in the system's dialog are sent from where they are, to a place whose key is asked for once", async () => {
  const { file, bytes } = await fileOf("보고서 1.pdf", 3 * MiB);
  picked = [file];
  const { far } = world;
  const page = await world.open();
  await page.locator("[data-action=add]").click();
  const { host, port, user } = far.server.target;
  await page.locator("[name=host]").fill(host);
  await page.locator("[name=port]").fill(String(port));
  await page.locator("[name=user]").fill(user);
  await page.locator("[name=folder]").fill(far.server.files);
  await page.locator("[data-action=send]").click();
  await page.locator("dialog code", { hasText: String(far.server.target.hostKey) }).waitFor();
  await page.locator("[data-action=send]").click();
  await item(page).waitFor();
  // Only a key signs in there, which no form takes; the place is known from now on.
  expect(world.agent.transfers.list()[0]).toMatchObject({ way: "direct", file });
  expect(bytes.length).toBe(3 * MiB);
});

test("a dropped file goes through the spool and arrives whole", async () => {
  const { far } = world;
  const page = await world.open();
  const { file, bytes } = await fileOf("dropped.bin", 20 * MiB + 7);
  const { id } = await world.agent.transfers.send({ file, to: far.to });
  await when(world.agent.transfers, id, inState("done"));
  expect(bytes.length).toBe((await readFile(far.fileOf("dropped.bin"))).length);
  await page.close();
});

test("a window that is killed leaves its transfers going", async () => {
  await world.agent.transfers.change({ bytesPerSecond: 8 * MiB });
  const { file, bytes } = await fileOf("goes-on.bin", 16 * MiB);
  const { id } = await world.agent.transfers.send({ file, to: world.far.to });
  const page = await world.open();
  await item(page, "uploading").waitFor();
  const closed = once(page, "close");
  await world.chromium.kill();
  await closed;
  await when(world.agent.transfers, id, inState("done"));
  expect(bytes.equals(await readFile(world.far.fileOf("goes-on.bin")))).toBe(true);
});
