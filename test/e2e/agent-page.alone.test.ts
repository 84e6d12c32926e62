import { startAgent } from "@naru/agent";
import type { CDPSession, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { type Chromium, startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";

const name = "실험 결과.bin";
const size = 160 * MiB;

let stack: AsyncDisposableStack;
let world: BucketWorld;
let chromium: Chromium;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  world = stack.use(await bucketWorld());
  chromium = stack.use(await startChromium({ profile: world.file("profile") }));
});
afterEach(() => stack.disposeAsync());

type Agent = Awaited<ReturnType<typeof startAgent>>;

async function agentBeside(): Promise<Agent> {
  const agent = await startAgent({
    dataDir: world.file("agent"),
    headless: true,
    log: () => undefined,
    pages: { allowedOrigins: [world.origin] },
  });
  stack.defer(() => agent.close());
  return agent;
}

/** What a person would answer to Chromium's question about programs on this device. */
async function permit(page: Page, setting: "granted" | "denied"): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("Browser.setPermission", {
    permission: { name: "loopback-network" },
    setting,
    origin: world.origin,
  } as never);
}

/** Send slowly, so that the page has not sent much when the agent takes over. */
async function beginInPage(page: ConsolePage, file: string): Promise<void> {
  world.wire.bytesPerSecond = 40 * MiB;
  await page.chooseFiles(file);
  await page.waitConfirmed(name, 20 * MiB);
  // Much is left, on slow machines too, when the test has done its clicks.
  world.wire.bytesPerSecond = 8 * MiB;
  await page.row(name).locator("[data-action=agent]").click();
}

async function pairInPage({ page }: ConsolePage): Promise<void> {
  await page.locator("naru-agent [data-action=pair]").click();
  await page.locator("naru-agent [data-action=confirm]").click();
}

test("a file handed to the agent arrives although the browser is killed, and no part is sent twice", async () => {
  const agent = await agentBeside();
  const file = world.file(name);
  const sha256 = await makeFile(file, size);
  const opened = await chromium.newPage();
  const page = await ConsolePage.open(opened, world.origin);
  await permit(opened, "granted");
  await beginInPage(page, file);
  await pairInPage(page);
  await opened.locator("naru-agent [data-agent-may-close=true]").waitFor({ state: "attached" });
  const [transfer] = agent.transfers.list();
  await chromium.kill();
  expect(transfer?.confirmed).toBeLessThan(size);
  const done = new Promise<void>((resolve) => {
    const look = (): void => {
      if (agent.transfers.list()[0]?.state === "done") resolve();
    };
    agent.transfers.onEvent(look);
    look();
  });
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await done;
  expect(await world.bucket.sha256(name)).toBe(sha256);
  expect(agent.transfers.list()[0]?.partsSkipped).toBeGreaterThan(0);
  expect(world.wire.partsTaken.toSorted()).toEqual([...new Set(world.wire.partsTaken)].toSorted());
});

test("what was handed to the agent goes on in the browser with a click, and no part is sent twice", async () => {
  const agent = await agentBeside();
  const file = world.file(name);
  const sha256 = await makeFile(file, size);
  const opened = await chromium.newPage();
  const page = await ConsolePage.open(opened, world.origin);
  await permit(opened, "granted");
  await beginInPage(page, file);
  await pairInPage(page);
  const handed = opened.locator("naru-agent [data-agent-transfer]");
  await handed.waitFor({ state: "attached" });
  const before = agent.transfers.list()[0]?.confirmed ?? 0;
  await expect.poll(() => agent.transfers.list()[0]?.confirmed).toBeGreaterThan(before + 16 * MiB);
  await handed.locator("[data-action=browser]").click();
  await handed.waitFor({ state: "detached" });
  expect(agent.transfers.list()).toEqual([]);
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.waitState(name, "done");
  expect(await world.bucket.sha256(name)).toBe(sha256);
  // What was on its way when it changed hands is sent again, but nothing that had arrived: one part per connection at most.
  expect(world.wire.partsTaken.length).toBeLessThanOrEqual(Math.ceil(size / (16 * MiB)) + 16);
});

test("a browser that denies the way to the agent offers the agent's own link, and says how to allow", async () => {
  await agentBeside();
  const file = world.file(name);
  await makeFile(file, 64 * MiB);
  const opened = await chromium.newPage();
  const page = await ConsolePage.open(opened, world.origin);
  await permit(opened, "denied");
  await beginInPage(page, file);
  const link = opened.locator("naru-agent [data-action=agent-first]");
  await link.waitFor({ state: "attached" });
  expect(await link.getAttribute("href")).toMatch(/^naru:\/\/t\/[\w-]{32}\?at=127\.0\.0\.1/);
  expect(await opened.locator("naru-agent section").getAttribute("data-presence")).toBe("denied");
});

test("without an agent the page offers its installer, and the transfer goes on as before", async () => {
  const file = world.file(name);
  await makeFile(file, 64 * MiB);
  const opened = await chromium.newPage();
  const page = await ConsolePage.open(opened, world.origin);
  await permit(opened, "granted");
  await beginInPage(page, file);
  await opened.locator("naru-agent section[data-presence=absent]").waitFor({ state: "attached" });
  expect(await opened.locator("naru-agent a[download]").getAttribute("href")).toContain("/downloads/");
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.waitState(name, "done");
});
