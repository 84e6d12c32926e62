import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOnAgent, sendByGateway } from "../harness/agent-page.ts";
import { AgentProgram } from "../harness/agent-program.ts";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { type Chromium, startChromium } from "../harness/chromium.ts";
import { freePort } from "../harness/free-port.ts";
import { TcpWire } from "../harness/tcp-wire.ts";
import { needs } from "../peers/needs.ts";

needs("root");

const name = "현장 녹화.mov";
/** What the wires may carry twice: what was on its way when something ended. */
const inFlight = 40 * MiB;

let stack: AsyncDisposableStack;
let world: BucketWorld;
let ssh: TcpWire;
let agent: AgentProgram;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const port = await freePort();
  // The door tells its port, not its address: a wire of the same port lies before it.
  world = stack.use(await bucketWorld({ args: ["--sftp", `127.0.0.2:${port}`] }));
  ssh = stack.use(await TcpWire.to(port, { host: "127.0.0.2", at: port }));
});
afterEach(() => stack.disposeAsync());

async function agentOf(dir: string, settings: readonly string[] = []): Promise<void> {
  agent = stack.use(await AgentProgram.start(dir, settings));
}

async function browser(profile: string): Promise<Chromium> {
  return stack.use(await startChromium({ profile: world.file(profile) }));
}

async function mayClose(page: Page): Promise<void> {
  await page.locator("naru-agent [data-agent-may-close=true]").waitFor({ state: "attached" });
}

async function arrived(sha256: string): Promise<void> {
  await agent.until(({ state }) => state === "done");
  expect(await world.bucket.sha256(name)).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);
}

function noPartTwice(): void {
  expect(partsTakenAgain()).toEqual([]);
}

/** What was taken of a part before the agent was killed is written anew: nobody knows whether it was right. */
function noPartTwiceButTheOneOnItsWay(): void {
  expect(partsTakenAgain().length).toBeLessThanOrEqual(1);
}

function partsTakenAgain(): readonly number[] {
  const { partsTaken } = world.wire;
  return partsTaken.filter((part, index) => partsTaken.indexOf(part) < index);
}

test("300 MiB go from the page through the agent and SFTP to the store, although browser and agent are killed", async () => {
  const size = 300 * MiB;
  const sha256 = await makeFile(world.file(name), size);
  await agentOf(world.file("agent"));
  const chromium = await browser("profile");
  const page = await openOnAgent(chromium, { origin: world.origin, agent });
  // The page has handed over everything long before the store has it, on slow machines too.
  world.wire.bytesPerSecond = 4 * MiB;
  await sendByGateway(page, { file: world.file(name), path: name });
  await mayClose(page);
  await chromium.kill();
  expect(world.wire.partsTaken.length).toBeLessThan(size / (16 * MiB));
  world.wire.bytesPerSecond = 25 * MiB;
  const { confirmed } = await agent.until((transfer) => transfer.confirmed > 60 * MiB);
  await agent.kill();
  const before = ssh.sent;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await agent.start();
  await arrived(sha256);
  expect(ssh.sent - before).toBeLessThan(size - confirmed + inFlight);
  expect(agent.transfers[0]?.partsSkipped).toBeGreaterThan(0);
  expect(ssh.mostAtOnce).toBeGreaterThan(1);
  noPartTwiceButTheOneOnItsWay();
});

test("a line that is cut between agent and site costs no more than what was on its way", async () => {
  const size = 100 * MiB;
  const sha256 = await makeFile(world.file(name), size);
  await agentOf(world.file("agent"));
  const page = await openOnAgent(await browser("profile"), { origin: world.origin, agent });
  world.wire.bytesPerSecond = 25 * MiB;
  await sendByGateway(page, { file: world.file(name), path: name });
  await ssh.sentMore(40 * MiB);
  ssh.cut();
  await agent.until(({ state }) => state === "offline");
  ssh.restore();
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await arrived(sha256);
  expect(ssh.sent).toBeLessThan(size + inFlight);
});

test("a file four times the spool's limit goes through a window, also when the browser is killed and the file chosen again", async () => {
  const [size, limit] = [128 * MiB, 32 * MiB];
  const sha256 = await makeFile(world.file(name), size);
  await agentOf(world.file("agent"), ["--spool-limit", String(limit / MiB)]);
  const chromium = await browser("first");
  const page = await openOnAgent(chromium, { origin: world.origin, agent });
  world.wire.bytesPerSecond = 20 * MiB;
  await sendByGateway(page, { file: world.file(name), path: name });
  await agent.until(({ confirmed }) => confirmed > 30 * MiB);
  await chromium.kill();
  await agent.until(({ state }) => state === "needs-file");
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  const again = await openOnAgent(await browser("second"), { origin: world.origin, agent });
  await again.locator("naru-agent [data-agent-transfer] input[type=file]").setInputFiles(world.file(name));
  await arrived(sha256);
  expect(agent.transfers[0]?.way).toBe("window");
  expect(agent.mostHeld).toBeLessThanOrEqual(limit);
  expect(ssh.sent).toBeLessThan(size + inFlight);
  noPartTwice();
});

test("a disk that others fill stops the page and loses nothing; with room again it goes on", async () => {
  const disk = world.file("disk");
  await mkdir(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=96m", "tmpfs", disk]);
  stack.defer(() => void execFileSync("umount", ["-l", disk]));
  const sha256 = await makeFile(world.file(name), 64 * MiB);
  await agentOf(join(disk, "agent"));
  const page = await openOnAgent(await browser("profile"), { origin: world.origin, agent });
  ssh.cut();
  await writeFile(join(disk, "others"), Buffer.alloc(60 * MiB));
  await sendByGateway(page, { file: world.file(name), path: name });
  await agent.until(({ unfed, state }) => unfed < 48 * MiB && unfed > 0 && state === "offline");
  await rm(join(disk, "others"));
  await mayClose(page);
  ssh.restore();
  await arrived(sha256);
});
