import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Benchmark, MiB } from "../benchmark.ts";
import type { Bucket } from "../bucket.ts";
import { background } from "../command.ts";
import { contest, type Sample } from "../contest.ts";
import { chooseOnNaruPage, openNaruPage } from "../naru-page.ts";
import { openPeerPage, raceCall } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";

const size = 512 * MiB;
const cutMs = 30_000;
const beforeCutMs = 4_000;
const patienceMs = 60_000;

export const cut: Benchmark = {
  name: "cut",
  about: "a line that carries nothing for 30 s: how long after its return the store holds another part",
  link: { mbit: 200, delayMs: 30, lossPercent: 0, emulate: true },
  rounds: 1,
  async run(room) {
    const { linkPid = 0, near: prefix } = room.options;
    const bucket = await room.bucket();
    const naru = await room.naruOnBucket();
    const server = room.keep(await peerServer(bucket, { host: room.options.host, dir: join(room.dir, "page") }));
    const file = await room.file("cut.bin", size);
    const back = (key: string): Promise<Sample> => secondsAfterReturn(bucket, key, linkPid);
    const naruPut = async (): Promise<Sample> => {
      await using _upload = background(naru.commandLine(["put", file, "--to", "cli/"]), {
        prefix,
        env: naru.clientEnv,
      });
      return await back("cli/cut.bin");
    };
    const naruPage = async (): Promise<Sample> => {
      await using browser = await openNaruPage(room, naru);
      await chooseOnNaruPage(browser, [file]);
      return await back("cut.bin");
    };
    const uppy = async (): Promise<Sample> => {
      await using browser = await openPeerPage({ room, server, bucket }, [file]);
      void browser.evaluate(raceCall(bucket, "uppy")).catch(() => undefined);
      return await back("uppy/cut.bin");
    };
    const target = { atMost: 5, of: "seconds" };
    const competitors = [
      { name: "Uppy 5", run: uppy },
      { name: "Chromium, naru", target, run: naruPage },
      { name: "naru put", target, run: naruPut },
    ];
    return [await contest("line cut for 30 s, 200 Mbit/s, 60 ms", competitors, room.options)];
  },
};

/** Wait until parts arrive, cut the line, mend it, and tell when the store holds one part more. */
async function secondsAfterReturn(bucket: Bucket, key: string, linkPid: number): Promise<Sample> {
  await until(async () => (await bucket.partsHeld(key)) > 0);
  await sleep(beforeCutMs);
  process.kill(linkPid, "SIGUSR1");
  try {
    await sleep(cutMs);
  } finally {
    process.kill(linkPid, "SIGUSR2");
  }
  const start = performance.now();
  const held = await bucket.partsHeld(key);
  await until(async () => (await bucket.partsHeld(key)) > held);
  return { seconds: (performance.now() - start) / 1000, notes: { "parts before": held } };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Cannot see a part arrive: none in ${patienceMs / 1000} s`);
    await sleep(100);
  }
}
