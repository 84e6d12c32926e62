import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { pageUpload } from "../naru-page.ts";
import { peerUpload } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";

const size = 512 * MiB;

export const chromiumLoopback: Benchmark = {
  name: "chromium-loopback",
  about: "512 MiB from Chromium to Ceph on loopback: Naru's page against a bare loop of Blob-slice PUTs",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const server = room.keep(await peerServer(bucket, { host: room.options.host, dir: join(room.dir, "page") }));
    const files = [await room.file("big.bin", size)];
    const page = { room, server, bucket };
    const target = { atMost: 1.15, of: ["loop of slices, 16 MiB x 4"] };
    return [
      await contest(
        "512 MiB from Chromium, loopback",
        [
          { name: "loop of slices, 16 MiB x 4", run: () => bucket.emptiedAfter(peerUpload(page, "sliceLoop", files)) },
          { name: "Chromium, naru direct", target, run: () => bucket.emptiedAfter(pageUpload(room, naru, files)) },
          { name: "Uppy 5", run: () => bucket.emptiedAfter(peerUpload(page, "uppy", files)) },
        ],
        room.options,
      ),
    ];
  },
};
