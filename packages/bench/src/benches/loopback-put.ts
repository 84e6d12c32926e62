import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { boto3Put, curlParts, curlPut, cutFile } from "../curl.ts";

const size = 512 * MiB;

export const loopbackPut: Benchmark = {
  name: "loopback-put",
  about: "naru put, direct, 512 MiB to Ceph on loopback, against curl and boto3",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const file = await room.file("big.bin", size);
    const pieces = await cutFile(file, 4, room.dir);
    const of = ["curl -T, one PUT", "curl, 4 parts in parallel", "boto3 upload_file"];
    return [
      await contest(
        "512 MiB up, loopback",
        [
          {
            name: "curl -T, one PUT",
            run: () => bucket.emptiedAfter(curlPut(file, bucket.presign("PUT", "curl.bin"))),
          },
          { name: "curl, 4 parts in parallel", run: () => bucket.emptiedAfter(curlParts(pieces, bucket, "parts.bin")) },
          { name: "boto3 upload_file", run: () => bucket.emptiedAfter(boto3Put(file, bucket, "boto3.bin")) },
          {
            name: "naru put, direct",
            target: { atMost: 1.1, of },
            run: () => bucket.emptiedAfter(naru.command(["put", file, "--route", "direct", "--json"])),
          },
          {
            name: "naru put, proxy",
            run: () => bucket.emptiedAfter(naru.command(["put", file, "--route", "proxy", "--json"])),
          },
        ],
        room.options,
      ),
    ];
  },
};
