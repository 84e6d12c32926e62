/** Whether a part costs the same among 10,000 as among 100: what grew with their square would show. */

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { httpStore, NaruApi, openDigester, openNetwork, systemClock } from "@naru/client/node";
import { type DigestPart, type Store, Transfer } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { type Competitor, type Contest, contest, type Sample } from "../contest.ts";
import { type Naru, password } from "../naru.ts";
import { cpuSecondsOf } from "../process-use.ts";
import type { Room } from "../room.ts";

const all = 10_000;
const few = 100;
const partSize = 4096;
const names = { few: `${all / few} uploads of ${few} parts`, many: `1 upload of ${all} parts` };

/** The engine sends so many parts in one upload. */
type Upload = (parts: number) => Promise<void>;

/** 10,000 parts in uploads of 100 and in one: by the engine into memory, and through a server into a folder. */
export async function manyParts(room: Room): Promise<readonly Contest[]> {
  // On a disk, its moods would be larger than what is looked for.
  const folder = await mkdtemp("/dev/shm/naru-bench-");
  try {
    const naru = await room.naru(`file:${folder}`);
    await using network = openNetwork({ connections: 32 });
    await using digester = openDigester();
    const { digest } = digester;
    const auth = { kind: "basic", user: "admin", password } as const;
    const api = new NaruApi({ origin: naru.origin, auth, fetch: network.fetch });
    const { store } = await api.session({ probe: false });
    const through = httpStore(api, { send: network.send, limits: store.limits });
    const alone = pair((parts) => send(parts, memoryStore(), digest));
    const served = pair((parts) => send(parts, through, digest), naru);
    return [
      await contest("10,000 parts of 4 KiB, the engine into memory", alone, room.options),
      await contest("10,000 parts of 4 KiB, through the server into a folder", served, room.options),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function pair(upload: Upload, naru?: Naru): Competitor[] {
  const target = { atMost: 1.05, of: [names.few], figures: ["seconds", "cpuSeconds"] };
  const some = async (): Promise<void> => {
    for (let sent = 0; sent < all; sent += few) await upload(few);
  };
  return [
    { name: names.few, run: () => timed(some, naru) },
    { name: names.many, target, run: () => timed(() => upload(all), naru) },
  ];
}

async function send(parts: number, store: Store, digest: DigestPart): Promise<void> {
  const size = parts * partSize;
  const source = new Blob([randomBytes(size)]);
  const spec = { path: "parts.bin", size, partSize };
  await new Transfer(source, store, spec, { clock: systemClock, random: Math.random, digest }).run();
}

/** CPU is that of this process, which is the client, and of the server; the notes have them apart. */
async function timed(work: () => Promise<void>, naru: Naru | undefined): Promise<Sample> {
  const used = (): number => (naru === undefined ? 0 : cpuSecondsOf(naru.pid));
  const [own, server] = [process.cpuUsage(), used()];
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(own);
  const [client, served] = [(user + system) / 1e6, used() - server];
  const notes = { "us per part": (seconds * 1e6) / all, "client CPU s": client, "server CPU s": served };
  return { seconds, cpuSeconds: client + served, notes };
}
