import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Benchmark } from "../benchmark.ts";
import type { Bucket } from "../bucket.ts";
import { contest, type Sample } from "../contest.ts";
import type { Naru } from "../naru.ts";
import { chooseOnNaruPage, openNaruPage } from "../naru-page.ts";
import { peerUpload } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";
import type { Room } from "../room.ts";

const count = 2_000;
const size = 20 * 1024;
const patienceMs = 180_000;

export const smallFiles: Benchmark = {
  name: "small-files",
  about: "2,000 files of 20 KiB from Chromium to Ceph: Naru's page against Uppy 5 and lib-storage",
  rounds: 2,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const server = room.keep(await peerServer(bucket, { host: room.options.host, dir: join(room.dir, "page") }));
    const files: string[] = [];
    for (let i = 0; i < count; i++) files.push(await room.file(`small/${String(i).padStart(4, "0")}.bin`, size));
    const page = { room, server, bucket };
    return [
      await contest(
        "2,000 x 20 KiB from Chromium, loopback",
        [
          { name: "Uppy 5", run: () => bucket.emptiedAfter(peerUpload(page, "uppy", files)) },
          { name: "lib-storage", run: () => bucket.emptiedAfter(peerUpload(page, "libStorage", files)) },
          {
            name: "Chromium, naru",
            target: { atMost: 0.5, of: ["Uppy 5", "lib-storage"] },
            run: () => bucket.emptiedAfter(untilStored(room, naru, bucket, files)),
          },
        ],
        room.options,
      ),
    ];
  },
};

/** The page shows few of many rows, so the store is asked when all are there. One machine, one clock. */
async function untilStored(room: Room, naru: Naru, bucket: Bucket, files: readonly string[]): Promise<Sample> {
  await using browser = await openNaruPage(room, naru);
  const cpuBefore = browser.cpuSeconds;
  await chooseOnNaruPage(browser, files);
  await browser.until("globalThis.startedAt");
  const startedAt = Number(await browser.evaluate("globalThis.startedAt"));
  for (let held = 0; held < files.length; ) {
    if (Date.now() - startedAt > patienceMs)
      throw new Error(`Cannot store ${files.length} files in time: ${held} are there`);
    await sleep(200);
    held = await bucket.count("");
  }
  return { seconds: (Date.now() - startedAt) / 1000, cpuSeconds: browser.cpuSeconds - cpuBefore };
}
