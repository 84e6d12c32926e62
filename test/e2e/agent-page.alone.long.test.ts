import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { HandingOver, name, pairInPage } from "../harness/handed-over.ts";

test("what was handed to the agent goes on in the browser with a click, and only parts under way are sent again", async () => {
  const size = 160 * MiB;
  await using handing = await HandingOver.open();
  const { world } = handing;
  const agent = await handing.agent();
  const sha256 = await makeFile(world.file(name), size);
  const { opened, page } = await handing.sending(world.file(name), "granted");
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
  await using handing = await HandingOver.open();
  const { world } = handing;
  await handing.agent();
  await makeFile(world.file(name), 64 * MiB);
  const { opened } = await handing.sending(world.file(name), "denied");
  const link = opened.locator("naru-agent [data-action=agent-first]");
  await link.waitFor({ state: "attached" });
  expect(await link.getAttribute("href")).toMatch(/^naru:\/\/t\/[\w-]{32}\?at=127\.0\.0\.1/);
  expect(await opened.locator("naru-agent section").getAttribute("data-presence")).toBe("denied");
});

test("without an agent the page offers its installer, and the transfer goes on as before", async () => {
  await using handing = await HandingOver.open();
  const { world } = handing;
  await makeFile(world.file(name), 64 * MiB);
  const { opened, page } = await handing.sending(world.file(name), "granted");
  await opened.locator("naru-agent section[data-presence=absent]").waitFor({ state: "attached" });
  expect(await opened.locator("naru-agent a[download]").getAttribute("href")).toContain("/downloads/");
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.waitState(name, "done");
});
