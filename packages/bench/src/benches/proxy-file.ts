import { createWriteStream } from "node:fs";
import { rm, truncate } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest, type Sample } from "../contest.ts";
import { curlPut } from "../curl.ts";
import type { Naru } from "../naru.ts";
import { residentMiB } from "../process-use.ts";
import type { Room } from "../room.ts";

const size = 1024 * MiB;
const bigSize = 4096 * MiB;
/** What we promise is on the disk; so the peer is held to that too. What it takes without is told beside it. */
const of = ["bare Node server, fsync"];

export const proxyFile: Benchmark = {
  name: "proxy-file",
  about: "1 GiB through Naru into the file store against a bare Node server; server memory for 4 GiB",
  rounds: 3,
  async run(room) {
    const store = join(room.dir, "store");
    const naru = await room.naru(`file:${store}`);
    const bare = await bareServer(room, { flush: false });
    const bareFsync = await bareServer(room, { flush: true });
    const file = await room.file("big.bin", size);
    const put = async (url: string): Promise<Sample> => {
      const sample = await curlPut(file, url);
      await rm(join(store, "big.bin"), { force: true });
      return sample;
    };
    const narusOwn = async (): Promise<Sample> => {
      const sample = await naru.command(["put", file, "--route", "proxy", "--json"]);
      await rm(join(store, "big.bin"), { force: true });
      return sample;
    };
    const speed = await contest(
      "1 GiB into a file, loopback",
      [
        { name: "bare Node server", run: () => put(bare) },
        { name: "bare Node server, fsync", run: () => put(bareFsync) },
        {
          name: "curl -T to naru",
          target: { atMost: 1.5, of },
          run: () => put(`${naru.signedInOrigin}/api/files/big.bin`),
        },
        { name: "naru put, proxy", target: { atMost: 1.5, of }, run: narusOwn },
      ],
      room.options,
    );
    const memory = await contest(
      "4 GiB into a file: the server's memory",
      [{ name: "curl -T to naru", target: { atMost: 150, of: "MiB over idle" }, run: () => memoryOf(room, naru) }],
      { ...room.options, rounds: 1 },
    );
    return [speed, memory];
  },
};

/** The least a server can do: the body to a file, by `pipeline`; with `flush`, on the disk before it answers. */
async function bareServer(room: Room, { flush }: { readonly flush: boolean }): Promise<string> {
  const target = join(room.dir, "bare.bin");
  const server = createServer((request, response) => {
    pipeline(request, createWriteStream(target, { flush })).then(
      () => rm(target).then(() => response.writeHead(201).end()),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  // A TCP server's address is an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/big.bin`;
}

async function memoryOf(room: Room, naru: Naru): Promise<Sample> {
  const file = join(room.dir, "sparse.bin");
  await room.file("sparse.bin", 1);
  await truncate(file, bigSize);
  const idle = residentMiB(naru.pid);
  let most = idle;
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(naru.pid));
  }, 50);
  try {
    const sample = await curlPut(file, `${naru.signedInOrigin}/api/files/sparse.bin`);
    return { ...sample, notes: { "MiB idle": idle, "MiB over idle": most - idle } };
  } finally {
    clearInterval(timer);
  }
}
