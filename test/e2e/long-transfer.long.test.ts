import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Worker } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof folderWorld>>;
let chromium: Pages;
let page: ConsolePage;
beforeAll(async () => {
  world = await folderWorld();
  chromium = await openPages();
  await chromium.context.grantPermissions(["screen-wake-lock", "notifications", "clipboard-write", "clipboard-read"], {
    origin: world.origin,
  });
  // What the page asks of the browser, as it asks: nothing is answered in its place.
  await chromium.context.addInitScript(() => {
    const asked: string[] = [];
    const { WakeLock } = globalThis as unknown as {
      WakeLock: { prototype: { request(type: "screen"): Promise<EventTarget> } };
    };
    const request = WakeLock.prototype.request;
    WakeLock.prototype.request = function (type) {
      asked.push(`awake ${type}`);
      const held = request.call(this, type);
      void held.then((lock) => lock.addEventListener("release", () => asked.push("may sleep")));
      return held;
    };
    const Plain = Notification;
    class Noted extends Plain {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        asked.push(`notice ${title}`);
      }
    }
    Object.assign(globalThis, { Notification: Noted, asked });
  });
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  page = await ConsolePage.open(await chromium.newPage(), world.origin);
});
afterEach(async () => {
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  world.line.fault = () => undefined;
  world.line.restore();
  await page.page.evaluate(() => localStorage.removeItem("naru-limit"));
  await page.page.close();
});

const asked = (): Promise<readonly string[]> => page.page.evaluate(() => Reflect.get(globalThis, "asked"));
const favicon = async (): Promise<string> =>
  decodeURIComponent((await page.page.locator("link[rel=icon]").getAttribute("href")) ?? "");

/** The engine, whose clocks can be moved. */
function engine(): Worker {
  const [worker] = page.page.workers().filter((one) => one.url().includes("engine-worker"));
  if (!worker) throw new Error("the page has no engine");
  return worker;
}

async function arrived(name: string): Promise<void> {
  await page.waitState(name, "done");
  expect((await readFile(join(world.kept, name))).equals(await readFile(world.file(name)))).toBe(true);
}

test("while a file is on its way the screen stays awake, the tab shows how far it is, and the end is told", async () => {
  await makeFile(world.file("long.bin"), 40 * MiB);
  expect(await favicon()).toMatch(/naru.*\.svg$/);
  world.line.bytesPerSecond = 6 * MiB;
  await page.chooseFiles(world.file("long.bin"));
  await expect.poll(asked).toEqual(["awake screen"]);
  await expect.poll(favicon).toContain("stroke-dasharray");
  const notify = page.page.locator("[data-action=notify]");
  // Leave was given by the test, as somebody else's browser has it from an earlier day.
  await notify.and(page.page.locator("[aria-pressed=true]")).waitFor();
  await notify.click();
  await notify.and(page.page.locator("[aria-pressed=false]")).waitFor();
  await notify.click();
  await notify.and(page.page.locator("[aria-pressed=true]")).waitFor();
  await expect.poll(() => page.page.title()).toMatch(/^[1-9]\d? % – Naru/);
  await expect.poll(async () => Number(/data-percent="(\d+)"/.exec(await favicon())?.[1])).toBeGreaterThan(0);
  // A headless browser shows all of its pages; this one is to be behind another.
  await page.page.evaluate(() => Object.defineProperty(document, "visibilityState", { value: "hidden" }));
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await arrived("long.bin");
  await expect
    .poll(async () => (await asked()).toSorted())
    .toEqual(["awake screen", "may sleep", "notice 1 file has arrived"].toSorted());
  await expect.poll(favicon).toMatch(/naru.*\.svg$/);
  expect(await page.page.title()).toBe("Naru");
});

test("a computer that slept sends again at once what was on connections that died meanwhile", async () => {
  await makeFile(world.file("slept.bin"), 20 * MiB);
  let stalls = true;
  world.line.fault = ({ part }) => (stalls && part !== undefined ? { kind: "stall", afterBytes: 1000 } : undefined);
  const before = world.line.partPuts.length;
  await page.chooseFiles(world.file("slept.bin"));
  await world.line.until(() => world.line.partPuts.length - before >= 2);
  stalls = false;
  // Without the engine's own clock nothing looks stalled to it: only the jump of the wall clock can help.
  await engine().evaluate(() => {
    const [now, moment] = [Date.now(), performance.now()];
    performance.now = () => moment;
    const real = Date.now.bind(Date);
    Date.now = () => real() + 3_600_000 + (real() - now);
  });
  await arrived("slept.bin");
});

test("without a network a row says so, tries again when it is told to, and goes on by itself when it is back", async () => {
  await makeFile(world.file("offline.bin"), 30 * MiB);
  world.line.bytesPerSecond = 4 * MiB;
  await page.chooseFiles(world.file("offline.bin"));
  await page.waitConfirmed("offline.bin", 1);
  world.line.cut();
  await page.waitState("offline.bin", "offline");
  expect(await page.row("offline.bin").textContent()).toMatch(
    /Waiting for the connection · \d+ % kept · resumes by itself/,
  );
  world.line.restore();
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  // On a slow machine it may have gone on by itself before it is told to; then there is no button any more.
  const told = page.button("offline.bin", "retry").click({ timeout: 30_000 });
  await Promise.race([told.catch(() => undefined), page.waitState("offline.bin", ["uploading", "verifying", "done"])]);
  await arrived("offline.bin");
});

test("a limit is kept, is the same in all tabs, and is what is measured", async () => {
  await makeFile(world.file("limited.bin"), 8 * MiB);
  world.line.bytesPerSecond = 0.25 * MiB;
  await page.chooseFiles(world.file("limited.bin"));
  const limit = page.page.locator("naru-transfer-tools select");
  await limit.selectOption("2000000");
  await page.button("limited.bin", "cancel").click();
  await page.waitState("limited.bin", "cancelled");
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  const other = await ConsolePage.open(await chromium.newPage(), world.origin);
  const began = performance.now();
  await other.chooseFiles(world.file("limited.bin"));
  expect(await other.page.locator("naru-transfer-tools select").inputValue()).toBe("2000000");
  await other.waitState("limited.bin", "done");
  const bytesPerSecond = (8 * MiB) / ((performance.now() - began) / 1000);
  // The first part goes at once; a busy machine may be slower than it is let.
  expect(bytesPerSecond).toBeLessThan(2_000_000 * 1.2);
  await other.page.close();
});

test("a session that ended stops nothing for good: signed in again, the file goes on where it was", async () => {
  await makeFile(world.file("session.bin"), 40 * MiB);
  world.line.bytesPerSecond = 4 * MiB;
  await page.chooseFiles(world.file("session.bin"));
  await page.waitConfirmed("session.bin", 5 * MiB);
  await page.page.evaluate(async () => {
    await fetch("/api/session", { method: "DELETE" });
  });
  await page.page.locator("naru-sign-in form").getByText("Your session has ended").waitFor();
  const before = world.line.partPuts.length;
  const held = await page.confirmed("session.bin");
  expect(held).toBeGreaterThan(0);
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.signIn();
  await arrived("session.bin");
  expect(world.line.partPuts.length - before).toBeLessThan(8);
});

test("what failed has a code to copy for an administrator, with the upload's id", async () => {
  await makeFile(world.file("full.bin"), 10 * MiB);
  world.line.fault = ({ part }) => (part === undefined ? undefined : { kind: "answer", status: 507 });
  await page.chooseFiles(world.file("full.bin"));
  await page.waitState("full.bin", "failed");
  const row = page.row("full.bin");
  expect(await row.textContent()).toContain("The store is full.");
  await row.getByText("NARU-505").click();
  const id = await row.getAttribute("data-transfer");
  await expect
    .poll(() => page.page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(new RegExp(`^NARU-505 \\(no-space\\) upload=${id} 20`));
});

test("what failed is tried again with one click, all of it", async () => {
  const names = ["first.bin", "second.bin"];
  for (const name of names) await makeFile(world.file(name), 10 * MiB);
  world.line.fault = ({ part }) => (part === undefined ? undefined : { kind: "answer", status: 507 });
  await page.chooseFiles(...names.map((name) => world.file(name)));
  for (const name of names) await page.waitState(name, "failed");
  world.line.fault = () => undefined;
  await page.page.locator("[data-action-all=retry]").click();
  for (const name of names) await arrived(name);
});
