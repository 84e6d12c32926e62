import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { Bucket } from "../bucket.ts";
import { timed } from "../command.ts";
import { contest } from "../contest.ts";

const smallFiles = 2_000;
const smallSize = 20 * 1024;
const largeFiles = 2;
const largeSize = 512 * MiB;
const putsAtOnce = 16;
const program = new URL("../../../cli/bin/naru.js", import.meta.url).pathname;

export const copy: Benchmark = {
  name: "copy",
  about:
    "2,000 files of 20 KiB and 2 of 512 MiB from one bucket to another: naru copy against rclone copy, both server-side",
  rounds: 3,
  async run(room) {
    const from = await room.bucket();
    const to = new Bucket(from.s3, `${from.name}-to`);
    await to.make();
    await fill(from);
    const { endpoint, accessKey, secretKey } = from.s3;
    const keys = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, XDG_STATE_HOME: room.dir };
    const url = ({ name }: Bucket): string =>
      `s3://${name}?${new URLSearchParams({ endpoint, region: "us-east-1", style: "path" })}`;
    const naru = [process.execPath, program, "copy", url(from), url(to)];
    // One remote for both buckets: then rclone lets the store copy, as it does by default.
    const remote = {
      RCLONE_CONFIG: join(room.dir, "rclone.conf"),
      RCLONE_CONFIG_C_TYPE: "s3",
      RCLONE_CONFIG_C_PROVIDER: "Ceph",
      RCLONE_CONFIG_C_ENDPOINT: endpoint,
      RCLONE_CONFIG_C_ACCESS_KEY_ID: accessKey,
      RCLONE_CONFIG_C_SECRET_ACCESS_KEY: secretKey,
    };
    // It cannot load a bundle of certificates that the AWS SDK is told of.
    const rclone = ["env", "-u", "AWS_CA_BUNDLE", "rclone", "copy", `C:${from.name}`, `C:${to.name}`];
    const atOnce = ["--transfers", "8", "--checkers", "8"];
    return [
      await contest(
        "2,000 x 20 KiB + 2 x 512 MiB, bucket to bucket",
        [
          { name: "rclone copy", run: () => to.emptiedAfter(timed([...rclone, ...atOnce], { env: remote })) },
          {
            name: "naru copy",
            target: { atMost: 0.6, of: ["rclone copy"] },
            run: () => to.emptiedAfter(timed(naru, { env: keys })),
          },
        ],
        room.options,
      ),
    ];
  },
};

/** Put files as any program does that knows nothing of Naru. */
async function fill(bucket: Bucket): Promise<void> {
  const put = async (key: string, body: Uint8Array<ArrayBuffer>): Promise<void> => {
    const answer = await fetch(bucket.presign("PUT", key), { method: "PUT", body });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`Cannot put "${key}": ${answer.status}`);
  };
  const names = Array.from({ length: smallFiles }, (_, i) => `small/${String(i).padStart(4, "0")}.bin`).values();
  const work = async (): Promise<void> => {
    for (const name of names) await put(name, randomFillSync(new Uint8Array(smallSize)));
  };
  await Promise.all(Array.from({ length: putsAtOnce }, work));
  const large = new Uint8Array(largeSize);
  for (let at = 0; at < largeSize; at += 16 * MiB) randomFillSync(large, at, 16 * MiB);
  for (let i = 1; i <= largeFiles; i++) await put(`large-${i}.bin`, large);
}
