import { startAgent } from "@naru/agent";
import { AgentApi, NaruApi } from "@naru/client";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { admin } from "../harness/naru-server.ts";
import { folderWorld } from "../harness/world.ts";

const auth = { kind: "basic", ...admin } as const;

async function permit(page: Page, origin: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const permission = { name: "loopback-network" };
  await session.send("Browser.setPermission", { permission, setting: "granted", origin } as never);
}

test("a file for an agent that was revoked waits until it is paired again, and then arrives", async () => {
  await using world = await folderWorld();
  const options = { dataDir: world.file("agent"), headless: true, log: () => undefined };
  const agent = await startAgent({ ...options, pages: { allowedOrigins: [world.origin] } });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => agent.close());
  await using chromium = await startChromium({ profile: world.file("profile") });
  const page = await chromium.newPage();
  const console = await ConsolePage.open(page, world.origin);
  await permit(page, world.origin);
  const sha256 = await makeFile(world.file("film.bin"), 60 * MiB);
  // Past the wire, which is slow with what the agent sends.
  const api = new AgentApi({ origin: world.server.origin, auth });
  world.line.bytesPerSecond = 10 * MiB;
  await console.chooseFiles(world.file("film.bin"));
  await giveToAgent(console);
  await pair(page);
  await page.locator("naru-agent [data-agent-transfer]").first().waitFor({ state: "attached" });
  for (const { id } of await api.agents()) await api.revokeAgent(id);
  await page
    .locator("naru-agent [data-agent-transfer][data-state=failed]", { hasText: "was revoked" })
    .waitFor({ state: "attached" });

  await console.chooseFiles(world.file("film.bin"));
  // The unfinished upload of the revoked agent has the name.
  const asking = page.getByRole("dialog", { name: "Before sending" });
  await asking.getByText("Another upload is on its way to this name").waitFor();
  await asking.locator("[data-action=confirm]").click();
  await giveToAgent(console);
  await pair(page);
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.locator("naru-agent [data-agent-transfer][data-state=done]").waitFor({ state: "attached" });
  const { files } = await new NaruApi({ origin: world.server.origin, auth }).list();
  expect(files).toHaveLength(1);
  expect(await sha256File(`${world.kept}/${files[0]?.path}`)).toBe(sha256);
  expect(await api.agents()).toHaveLength(1);
});

/** What has begun in the page goes on with the agent. */
async function giveToAgent(console: ConsolePage): Promise<void> {
  await console.waitConfirmed("film.bin", 0);
  await console.button("film.bin", "pause").click();
  await console.waitState("film.bin", "paused");
  await console.row("film.bin").locator("[data-action=agent]").click();
}

async function pair(page: Page): Promise<void> {
  await page.locator("naru-agent [data-action=pair]").click();
  await page.locator("naru-agent [data-action=confirm]").click();
}
