import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { HandingOver, name, pairInPage } from "../harness/handed-over.ts";

const size = 160 * MiB;

test("a file handed to the agent arrives although the browser is killed, and no part is sent twice", async () => {
  await using handing = await HandingOver.open();
  const { chromium, world } = handing;
  const agent = await handing.agent();
  const sha256 = await makeFile(world.file(name), size);
  const { opened, page } = await handing.sending(world.file(name), "granted");
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
