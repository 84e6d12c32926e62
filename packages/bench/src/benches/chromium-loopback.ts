import { type Benchmark, MiB } from "../benchmark.ts";
import { contest, type Sample } from "../contest.ts";
import { pageUpload } from "../naru-page.ts";
import { pageCompetitor, pagePeers, servePeers } from "../peer-page.ts";

const size = 512 * MiB;

export const chromiumLoopback: Benchmark = {
  name: "chromium-loopback",
  about: "512 MiB from Chromium to Ceph on loopback: Naru's page, checksums on, against other uploaders on a page",
  rounds: 3,
  async run(room) {
    const naru = await room.naruOnBucket();
    const page = await servePeers(room);
    const files = [await room.file("big.bin", size)];
    const run = (): Promise<Sample> => page.bucket.emptiedAfter(pageUpload(room, naru, files));
    return [
      await contest(
        "512 MiB from Chromium, loopback",
        [
          ...pagePeers.map((peer) => pageCompetitor(page, peer, files)),
          { name: "Chromium, naru direct", target: { atMost: 0.95, cpuAtMost: 1.1, of: ["Uppy 5"] }, run },
        ],
        room.options,
      ),
    ];
  },
};
