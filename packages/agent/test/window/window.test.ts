import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startChromium } from "../../../../test/harness/chromium.ts";
import { AgentJournal } from "../../src/journal.ts";
import type { Desktop } from "../../src/window/desktop.ts";
import { RecentDestinations } from "../../src/window/recent-destinations.ts";
import { inState, when } from "../transfers/far-side.ts";
import { openWindowWorld, type WindowWorld } from "./world.ts";

let world: WindowWorld;
/** What the person before the screen does in the system's dialogs. */
let picked: readonly string[] | undefined;
let isAutostart = false;
/** Called before the system says whether the agent starts by itself. */
let beforeAutostartIsReported: (() => Promise<void>) | undefined;
const desktop: Desktop = {
  pickFiles: async () => picked,
  autostart: {
    isOn: async () => {
      const told = isAutostart;
      await beforeAutostartIsReported?.();
      return told;
    },
    set: async (on) => {
      isAutostart = on;
    },
  },
  notify: async (_title, body) => void notices.push(body),
  language: "en",
};
const notices: string[] = [];

beforeEach(async () => {
  picked = undefined;
  isAutostart = false;
  beforeAutostartIsReported = undefined;
  notices.length = 0;
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

test("the order of the queue is changed by keys, and what is over comes last", async () => {
  const { transfers } = world.agent;
  const done = await transfers.send({ file: (await fileOf("done.txt", 9)).file, to: world.far.to });
  await when(transfers, done.id, inState("done"));
  await transfers.change({ atOnce: 1, bytesPerSecond: MiB });
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) {
    ids.push((await transfers.send({ file: (await fileOf(name, 8 * MiB)).file, to: world.far.to })).id);
  }
  const page = await world.open();
  const names = (): Promise<string[]> => page.locator("li .name").allTextContents();
  expect(await names()).toEqual(["a", "b", "c", "done.txt"]);
  await item(page).nth(2).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(names).toEqual(["a", "c", "b", "done.txt"]);
  expect(
    await item(page)
      .nth(1)
      .evaluate((row) => row.matches(":focus")),
  ).toBe(true);
  const [a, b, c] = ids;
  expect(transfers.list().map(({ id }) => id)).toEqual([done.id, a, c, b]);
  await page.keyboard.press("ArrowDown");
  expect(
    await item(page)
      .nth(2)
      .evaluate((row) => row.matches(":focus")),
  ).toBe(true);
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

test("a setting that cannot be is told rightly, and what holds is shown", async () => {
  const page = await world.open();
  await page.locator("[data-view=settings]").click();
  const alert = page.locator("naru-agent-settings [role=alert]");
  const type = async (name: string, value: string, held: string): Promise<void> => {
    const input = page.locator(`[name=${name}]`);
    await input.fill(value);
    await input.press("Tab");
    await expect.poll(() => input.inputValue(), { message: name }).toBe(held);
    await alert.waitFor();
  };
  const wrong = [
    ["atOnce", "99999999999999999999", "3"],
    ["atOnce", "0", "3"],
    ["atOnce", "", "3"],
    ["spoolLimit", "0", "53.69"],
    ["speed", "-1", ""],
  ] as const;
  for (const [name, value, held] of wrong) {
    await type(name, value, held);
    expect(await alert.textContent()).toMatch(/takes a number from .* It is still: (3|53\.69|no limit)\./);
  }
  await type("spoolFolder", "not/absolute", "");
  expect(await alert.textContent()).toMatch(/^This setting cannot be used.*not an absolute path/);
  await page.locator("[name=atOnce]").fill("4");
  await page.locator("[name=atOnce]").press("Tab");
  await alert.waitFor({ state: "detached" });
  await expect.poll(() => world.agent.transfers.settings.atOnce).toBe(4);
});

test("a window that opens while something changes shows the change", async () => {
  const first = await world.open();
  await first.locator("[data-view=settings]").click();
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  beforeAutostartIsReported = () => {
    beforeAutostartIsReported = undefined;
    asked.resolve();
    return released.promise;
  };
  const opening = world.open();
  await asked.promise;
  await first.locator("[name=autostart]").check();
  await vi.waitUntil(() => isAutostart);
  released.resolve();
  const second = await opening;
  await second.locator("[data-view=settings]").click();
  await second.locator("[name=autostart]:checked").waitFor();
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

test("a place whose server has changed its key is asked for again; what failed by the old key is tried with the new one", async () => {
  const { file } = await fileOf("report.pdf", MiB);
  picked = [file, join(world.folder, "files", "con.txt")];
  await writeFile(join(world.folder, "files", "con.txt"), "x");
  const { far } = world;
  await usedDestination();
  await far.server.kill();
  const newKey = await far.server.changeKey();
  await far.server.start();
  const { id } = await world.agent.transfers.send({ file, path: "by the old key", to: far.to });
  const page = await world.open();
  await item(page, "failed").waitFor();
  expect(await item(page, "failed").locator(".detail").textContent()).toMatch(/key has changed/);
  await page.locator("[data-action=add]").click();
  await page.locator("dialog [data-action=send]").click();
  await page.locator("dialog .notice", { hasText: "has CHANGED" }).waitFor();
  expect(await page.locator("dialog code").textContent()).toBe(newKey);
  expect(world.agent.transfers.list()).toHaveLength(1);
  await page.locator("dialog [data-action=send]").click();
  await item(page, "done").waitFor();
  await page.locator("main > .notice", { hasText: "con.txt" }).waitFor();
  await page.locator("[data-action=retry]").click();
  await when(world.agent.transfers, id, inState("done"));
});

test("a dropped file goes through the spool and arrives whole", async () => {
  const { far } = world;
  const { file, bytes } = await fileOf("dropped 1.bin", 20 * MiB + 7);
  await usedDestination();
  const page = await world.open();
  await drop(page, [file]);
  await page.locator("dialog .notice").waitFor();
  await page.locator("[data-action=send]").click();
  await item(page, "done").waitFor();
  expect(world.agent.transfers.list()[0]).toMatchObject({ way: "full", held: 0 });
  expect(bytes.equals(await readFile(far.fileOf("dropped 1.bin")))).toBe(true);
});

test("a dropped file whose connection breaks is shown again and goes on, without its user", async () => {
  const { far } = world;
  const { file, bytes } = await fileOf("broken.bin", 3 * MiB);
  await usedDestination();
  const page = await world.open();
  const puts: string[] = [];
  await page.route("**/ui/data/**", async (route) => {
    puts.push(route.request().url());
    await (puts.length === 1 ? route.abort("connectionreset") : route.continue());
  });
  await drop(page, [file]);
  await page.locator("[data-action=send]").click();
  await item(page, "done").waitFor();
  expect(puts.length).toBeGreaterThan(1);
  expect(bytes.equals(await readFile(far.fileOf("broken.bin")))).toBe(true);
});

test("a dropped file whose window is killed waits for its file; chosen again, it goes on", async () => {
  const { far } = world;
  const { file, bytes } = await fileOf("again.bin", 64 * MiB);
  await world.agent.transfers.change({ spoolLimit: 16 * MiB, bytesPerSecond: 8 * MiB });
  await usedDestination();
  const page = await world.open();
  await drop(page, [file]);
  await page.locator("[data-action=send]").click();
  await item(page, "uploading").waitFor();
  const [view] = world.agent.transfers.list();
  const id = view?.id ?? "";
  await when(world.agent.transfers, id, ({ confirmed }) => confirmed > 0);
  await page.close({ runBeforeUnload: false });
  await when(world.agent.transfers, id, inState("needs-file"));
  await world.agent.transfers.change({ bytesPerSecond: undefined });
  const next = await world.open();
  const chooser = next.waitForEvent("filechooser");
  await item(next).locator("[data-action=choose]").click();
  await (await chooser).setFiles(file);
  await item(next, "done").waitFor();
  expect(bytes.equals(await readFile(far.fileOf("again.bin")))).toBe(true);
});

test("the end of transfers is told as one notice", async () => {
  const { id } = await world.agent.transfers.send({ file: (await fileOf("one.txt", 10)).file, to: world.far.to });
  const other = await world.agent.transfers.send({ file: (await fileOf("two.txt", 10)).file, to: world.far.to });
  for (const one of [id, other.id]) await when(world.agent.transfers, one, inState("done"));
  await expect.poll(() => notices).toEqual(["2 files have arrived"]);
});

/** A place that the window knows already: the form takes no private key. */
async function usedDestination(): Promise<void> {
  const { agent } = world;
  await agent.close();
  const journal = new AgentJournal(join(world.folder, "data", "agent.db"));
  new RecentDestinations(journal).use(world.far.to);
  journal[Symbol.dispose]();
  await world.restart();
}

/** Drop real files from the disk, as a file manager does. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 120, data });
  }
}

test("a window that is killed leaves its transfers going", async () => {
  await world.agent.transfers.change({ bytesPerSecond: 8 * MiB });
  const { file, bytes } = await fileOf("goes-on.bin", 16 * MiB);
  const { id } = await world.agent.transfers.send({ file, to: world.far.to });
  await using chromium = await startChromium({ profile: join(world.folder, "profile") });
  const page = await world.open(chromium);
  await item(page, "uploading").waitFor();
  const { promise: closed, resolve } = Promise.withResolvers<unknown>();
  page.once("close", resolve);
  await chromium.kill();
  await closed;
  await when(world.agent.transfers, id, inState("done"));
  expect(bytes.equals(await readFile(world.far.fileOf("goes-on.bin")))).toBe(true);
});

test("a transfer that waits for its server says why, in the row and in both languages", async () => {
  const page = await world.open();
  const { file } = await fileOf("away.bin", MiB);
  await world.agent.transfers.send({ file, to: { ...world.far.to, host: "127.0.0.1", port: 1 } });
  const reason = item(page, "offline").locator(".reason");
  await reason.getByText("The server cannot be reached.").waitFor();
  expect(await reason.textContent()).toMatch(/127\.0\.0\.1/);
  await world.agent.transfers.change({ language: "ko" });
  const korean = await world.open();
  await item(korean, "offline").locator(".reason").getByText("서버에 연결할 수 없습니다.").waitFor();
});
