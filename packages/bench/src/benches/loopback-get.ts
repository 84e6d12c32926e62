import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { timed } from "../command.ts";
import { contest, type Sample } from "../contest.ts";

const size = 512 * MiB;

export const loopbackGet: Benchmark = {
  name: "loopback-get",
  about: "naru get, 512 MiB from Ceph on loopback to a file, against curl",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    await naru.command(["put", await room.file("big.bin", size), "--json"]);
    const target = join(room.dir, "got.bin");
    const fresh = async (work: () => Promise<Sample>): Promise<Sample> => {
      await rm(target, { force: true });
      return work();
    };
    const url = bucket.presign("GET", "big.bin");
    return [
      await contest(
        "512 MiB down, loopback",
        [
          { name: "curl -o", run: () => fresh(() => timed(["curl", "-sS", "--fail", "-o", target, url])) },
          {
            name: "naru get",
            target: { atMost: 1.1, of: ["curl -o"] },
            run: () => fresh(() => naru.command(["get", "big.bin", target, "--json"])),
          },
        ],
        room.options,
      ),
    ];
  },
};
