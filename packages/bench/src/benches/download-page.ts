import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { timed } from "../command.ts";
import { contest } from "../contest.ts";
import { pageDownload, plainDownload } from "../naru-page.ts";
import { peerDownload } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";

const size = 512 * MiB;
const key = "big.bin";

export const downloadPage: Benchmark = {
  name: "download-page",
  about:
    "512 MiB into Chromium's own file system: Naru's page, with checksum, against a bare loop of fetches, and curl",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const server = room.keep(await peerServer(bucket, { host: room.options.host, dir: join(room.dir, "page") }));
    await naru.command(["put", await room.file(key, size), "--json"]);
    const page = { room, server, bucket };
    const target = join(room.dir, "got.bin");
    const plain = `${naru.signedInOrigin}/api/files/${key}`;
    const ranges = 4;
    return [
      await contest(
        "512 MiB down, Chromium, loopback",
        [
          { name: "curl, through the server", run: () => timed(["curl", "-sS", "--fail", "-o", target, plain]) },
          { name: "bare loop of 4 ranges", run: () => peerDownload(page, { key, size, ranges }) },
          { name: "plain link in Chromium", run: () => plainDownload(room, naru, { path: key, size }) },
          {
            name: "Naru's page",
            target: { atMost: 1.25, of: ["bare loop of 4 ranges"] },
            run: () => pageDownload(room, naru, key),
          },
          {
            name: "Naru's page, once more",
            target: { atMost: 0.8, of: ["curl, through the server"] },
            run: () => pageDownload(room, naru, key),
          },
        ],
        room.options,
      ),
    ];
  },
};
