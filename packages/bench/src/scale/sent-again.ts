/** What is sent again after the client was killed half-way and the same command was given once more. */

import { setTimeout as sleep } from "node:timers/promises";
import { MiB } from "../benchmark.ts";
import { type Competitor, type Contest, contest, type Sample } from "../contest.ts";
import type { Room } from "../room.ts";
import { type KilledWay, killedSize, sentAgainNote } from "./killed-client.ts";
import { waysToKill } from "./killed-ways.ts";

const patienceMs = 120_000;

/** Kill each client when half of its file has gone through, and count what the second run makes it in all. */
export async function sentAgain(room: Room): Promise<Contest> {
  const bucket = await room.bucket();
  const competitors = (await waysToKill(room)).map(
    (way): Competitor => ({
      name: way.name,
      target: way.target,
      run: () => bucket.emptiedAfter(killedHalfWay(way)),
    }),
  );
  return contest("512 MiB, killed half-way and begun again", competitors, { ...room.options, rounds: 1 });
}

async function killedHalfWay({ begin, again, counted }: KilledWay): Promise<Sample> {
  const before = counted();
  const kill = await begin();
  const end = performance.now() + patienceMs;
  while (counted() - before < killedSize / 2 && performance.now() < end) await sleep(2);
  await kill();
  // What was on its way when it died.
  await sleep(500);
  const killedAt = counted() - before;
  const start = performance.now();
  await again();
  const seconds = (performance.now() - start) / 1000;
  const more = Math.max(0, counted() - before - killedSize);
  return { seconds, notes: { "MiB when killed": killedAt / MiB, [sentAgainNote]: more / MiB } };
}
