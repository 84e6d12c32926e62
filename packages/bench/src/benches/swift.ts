import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { Bucket, type S3 } from "../bucket.ts";
import { daemon } from "../command.ts";
import { contest, type Sample } from "../contest.ts";
import { boto3Get, boto3Put } from "../curl.ts";
import type { Room } from "../room.ts";

const size = 256 * MiB;
const target = { atMost: 1.1, of: ["boto3"], figures: ["seconds", "cpuSeconds"] } as const;

export const swift: Benchmark = {
  name: "swift",
  about: "naru put and get, direct, 256 MiB to and from OpenStack Swift, against boto3: wall and CPU of the client",
  rounds: 5,
  async run(room) {
    const bucket = await bucketOnSwift(room);
    const { s3, name } = bucket;
    const query = new URLSearchParams({ endpoint: s3.endpoint, region: "us-east-1", profile: "swift" });
    const env = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
    const naru = await room.naru(`s3://${name}?${query}`, { env });
    const file = await room.file("big.bin", size);
    const got = join(room.dir, "got.bin");
    const fresh = async (work: () => Promise<Sample>): Promise<Sample> => {
      await rm(got, { force: true });
      return work();
    };
    const up = await contest(
      "256 MiB up, Swift on loopback",
      [
        { name: "boto3", run: () => bucket.emptiedAfter(boto3Put(file, bucket, "boto3.bin")) },
        {
          name: "naru put, direct",
          target,
          run: () => bucket.emptiedAfter(naru.command(["put", file, "--route", "direct", "--json"])),
        },
        {
          name: "naru put, proxy",
          run: () => bucket.emptiedAfter(naru.command(["put", file, "--route", "proxy", "--json"])),
        },
      ],
      room.options,
    );
    await naru.command(["put", file, "--json"]);
    const down = await contest(
      "256 MiB down, Swift on loopback",
      [
        { name: "boto3", run: () => fresh(() => boto3Get(bucket, "big.bin", got)) },
        { name: "naru get", target, run: () => fresh(() => naru.command(["get", "big.bin", got, "--json"])) },
      ],
      room.options,
    );
    return [up, down];
  },
};

async function bucketOnSwift(room: Room): Promise<Bucket> {
  const script = new URL("../swift-host.ts", import.meta.url).pathname;
  const host = room.keep(await daemon([process.execPath, script], /^ready \{/));
  const bucket = new Bucket(JSON.parse(host.readyLine.slice("ready ".length)) as S3, "bench");
  await bucket.make();
  return bucket;
}
