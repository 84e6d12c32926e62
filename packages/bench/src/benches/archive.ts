import { spawn } from "node:child_process";
import { mkdir, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Benchmark, MiB } from "../benchmark.ts";
import { timed } from "../command.ts";
import { contest, type Sample } from "../contest.ts";
import { residentMiB } from "../process-use.ts";
import type { Room } from "../room.ts";

const count = 2_000;
const size = 200 * 1024;
const manyCount = 70_000;
const bigSize = 8 * 1024 * MiB;
/** The same files on the same disk, sent by Node over the same loopback to the same curl. */
const of = ["bsdtar, a bare Node server"];

export const archive: Benchmark = {
  name: "archive",
  about: "2,000 x 200 KiB as one ZIP against bsdtar behind a bare Node server; server memory of an archive",
  rounds: 5,
  async run(room) {
    const store = join(room.dir, "store");
    const naru = await room.naru(`file:${store}`);
    const files = await Promise.all(
      Array.from({ length: count }, (_, i) => room.file(`store/tree/${String(i).padStart(4, "0")}.bin`, size)),
    );
    const tar = await tarServer(store);
    const zip = `${naru.signedInOrigin}/api/archive?path=tree/`;
    const unknown = async (): Promise<Sample> => {
      // Another time is another content: nothing is known of it.
      const now = new Date();
      for (const file of files) await utimes(file, now, now);
      return fetch(zip);
    };
    const speed = await contest(
      "2,000 x 200 KiB from the file store, loopback",
      [
        { name: "bsdtar, a bare Node server", run: () => fetch(tar) },
        { name: "naru, CRC-32 known", target: { atMost: 1.3, of }, run: () => fetch(zip) },
        { name: "naru, CRC-32 not known", target: { atMost: 1.3, of }, run: unknown },
      ],
      room.options,
    );
    const memory = await contest(
      "An archive: the server's memory",
      [
        {
          name: "one file of 8 GiB",
          target: { atMost: 32, of: "MiB over idle" },
          run: () => memoryOf(room, store, bigFile),
        },
        // With what the runtime has not collected yet; a test holds what is kept of so many files.
        { name: "70,000 files", run: () => memoryOf(room, store, manyFiles) },
      ],
      { ...room.options, rounds: 1 },
    );
    return [speed, memory];
  },
};

function fetch(url: string): Promise<Sample> {
  return timed(["curl", "-sS", "--fail", "-o", "/dev/null", url]);
}

async function tarServer(store: string): Promise<string> {
  const server = createServer((_request, response) => {
    const tar = spawn("bsdtar", ["-cf", "-", "-C", store, "tree"], { stdio: ["ignore", "pipe", "inherit"] });
    pipeline(tar.stdout, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  // A TCP server's address is an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tree.tar`;
}

async function bigFile(store: string): Promise<string> {
  await mkdir(join(store, "big"), { recursive: true });
  await writeFile(join(store, "big/file.bin"), "");
  await truncate(join(store, "big/file.bin"), bigSize);
  return "big/";
}

async function manyFiles(store: string): Promise<string> {
  for (let folder = 0; folder < 70; folder++) {
    const dir = join(store, "many", String(folder));
    await mkdir(dir, { recursive: true });
    for (let i = 0; i < manyCount / 70; i++) await writeFile(join(dir, `a file of many ${i}.txt`), "x");
  }
  return "many/";
}

/** Of a server that has just started, and has sent one small archive before. */
async function memoryOf(room: Room, store: string, make: (store: string) => Promise<string>): Promise<Sample> {
  const path = await make(store);
  const naru = await room.naru(`file:${store}`);
  await fetch(`${naru.signedInOrigin}/api/archive?path=tree/0000.bin`);
  const idle = residentMiB(naru.pid);
  let most = idle;
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(naru.pid));
  }, 20);
  try {
    const sample = await fetch(`${naru.signedInOrigin}/api/archive?path=${path}`);
    return { ...sample, notes: { "MiB idle": idle, "MiB over idle": most - idle } };
  } finally {
    clearInterval(timer);
  }
}
