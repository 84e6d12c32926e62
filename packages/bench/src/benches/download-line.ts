import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { pageDownload } from "../naru-page.ts";
import { peerDownload } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";

const size = 128 * MiB;
const key = "long.bin";

export const downloadLine: Benchmark = {
  name: "download-line",
  about: "128 MiB down over 200 Mbit/s, 60 ms round trip, 0.1 % loss: Naru's page against one connection",
  link: { mbit: 200, delayMs: 30, lossPercent: 0.1 },
  rounds: 2,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const server = room.keep(await peerServer(bucket, { host: room.options.host, dir: join(room.dir, "page") }));
    await naru.command(["put", await room.file(key, size), "--json"]);
    const page = { room, server, bucket };
    return [
      await contest(
        "128 MiB down, 200 Mbit/s, 60 ms, 0.1 % loss",
        [
          { name: "one connection", run: () => peerDownload(page, { key, size, ranges: 1 }) },
          {
            name: "Naru's page",
            target: { atMost: 0.4, of: ["one connection"] },
            run: () => pageDownload(room, naru, key),
          },
        ],
        room.options,
      ),
    ];
  },
};
