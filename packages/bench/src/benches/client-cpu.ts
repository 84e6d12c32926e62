import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { output, timed } from "../command.ts";
import { contest, type Sample } from "../contest.ts";
import { curlPut } from "../curl.ts";

const size = 512 * MiB;
const script = new URL("../hashes-alone.ts", import.meta.url).pathname;
const up = "curl -T, and MD5 and CRC-64 alone";
const down = "curl -o, and CRC-64 alone";

export const clientCpu: Benchmark = {
  name: "client-cpu",
  about:
    "the client's CPU time for 512 MiB, straight to and from Ceph on loopback, against curl and the checksums alone",
  rounds: 5,
  async run(room) {
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const file = await room.file("big.bin", size);
    const got = join(room.dir, "got.bin");
    const fresh = async (work: () => Promise<Sample>): Promise<Sample> => {
      await rm(got, { force: true });
      return work();
    };
    const put = (route: string): Promise<Sample> =>
      bucket.emptiedAfter(naru.command(["put", file, "--route", route, "--json"]));
    const sent = await contest(
      "512 MiB up: CPU of the client",
      [
        {
          name: up,
          run: async () =>
            both(await bucket.emptiedAfter(curlPut(file, bucket.presign("PUT", "curl.bin"))), file, "md5,crc64"),
        },
        { name: "naru put, direct", target: targetOf(up), run: () => put("direct") },
        { name: "naru put, proxy", run: () => put("proxy") },
      ],
      room.options,
    );
    await naru.command(["put", file, "--json"]);
    const url = bucket.presign("GET", "big.bin");
    const received = await contest(
      "512 MiB down: CPU of the client",
      [
        {
          name: down,
          run: async () => both(await fresh(() => timed(["curl", "-sS", "--fail", "-o", got, url])), file, "crc64"),
        },
        {
          name: "naru get",
          target: targetOf(down),
          run: () => fresh(() => naru.command(["get", "big.bin", got, "--json"])),
        },
      ],
      room.options,
    );
    return [sent, received];
  },
};

function targetOf(of: string) {
  return { atMost: 1.25, of: [of], figures: ["cpuSeconds"] } as const;
}

/** Add to what curl took what the checksums take in a process of their own; the start of that process does not count. */
async function both(curl: Sample, file: string, wanted: string): Promise<Sample> {
  const hashes = Number(await output([process.execPath, script, file, wanted]));
  const ofCurl = curl.cpuSeconds ?? Number.NaN;
  return {
    seconds: curl.seconds,
    cpuSeconds: ofCurl + hashes,
    notes: { "curl's CPU": ofCurl, "the checksums'": hashes },
  };
}
