import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { HandingOver, name, pairInPage } from "../harness/handed-over.ts";
import type { Wire } from "../harness/wire.ts";

const size = 160 * MiB;

test("a file handed to the agent arrives although the browser is killed, and no part that has arrived is sent again", async () => {
  await using handing = await HandingOver.open();
  const { chromium, world } = handing;
  const agent = await handing.agent();
  const sha256 = await makeFile(world.file(name), size);
  const { opened, page } = await handing.sending(world.file(name), "granted");
  const sentAgain = [arrivedNowSentAgain(world.wire)];
  await pairInPage(page);
  await opened.locator("naru-agent [data-agent-may-close=true]").waitFor({ state: "attached" });
  const [transfer] = agent.transfers.list();
  sentAgain.push(arrivedNowSentAgain(world.wire));
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
  expect(sentAgain.flatMap((since) => since())).toEqual([]);
});

/** Which parts that have arrived by now will have been sent once more; those under way may have to be. */
function arrivedNowSentAgain(wire: Wire): () => readonly (number | undefined)[] {
  const arrived = new Set<number | undefined>(wire.partsTaken);
  const before = wire.partPuts.length;
  return () => wire.partPuts.slice(before).flatMap(({ part }) => (arrived.has(part) ? [part] : []));
}
