import { join } from "node:path";
import type { Benchmark } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { pageUpload } from "../naru-page.ts";
import { peerUpload } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";

const count = 2_000;
const size = 20 * 1024;

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
            run: () => bucket.emptiedAfter(pageUpload(room, naru, files)),
          },
        ],
        room.options,
      ),
    ];
  },
};
