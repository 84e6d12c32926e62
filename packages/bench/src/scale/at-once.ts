/** Whether many transfers at once move as much together as one, and what the server's memory is then. */

import { MiB } from "../benchmark.ts";
import { type Competitor, type Contest, contest, type Sample } from "../contest.ts";
import { curlPut } from "../curl.ts";
import { type Gateway, sftpPut, startGateway } from "../gateway.ts";
import { cpuSecondsOf, residentMiB } from "../process-use.ts";
import type { Room } from "../room.ts";

const counts = [1, 4, 16, 64];
const total = 512 * MiB;
/** So often is one tried that the server turns away: past 30 that have not signed in it does so with some, as OpenSSH does. */
const tries = 10;

/** One way to send a file to the server. */
type Send = (gateway: Gateway, file: string, name: string) => Promise<Sample>;

/** 512 MiB as 1, 4, 16 and 64 files at once, each from a process of its own; a server of its own for each run. */
export async function atOnce(room: Room): Promise<readonly Contest[]> {
  const bucket = await room.bucket();
  const compete = (send: Send): Competitor[] =>
    counts.map((count) => ({
      name: `${count} at once`,
      target: count === 1 ? undefined : { atMost: 1.1, of: ["1 at once"] },
      run: () => bucket.emptiedAfter(sentAtOnce(room, send, count)),
    }));
  const byCurl: Send = ({ naru }, file, name) => curlPut(file, `${naru.signedInOrigin}/api/files/${name}`);
  const bySftp: Send = ({ sftp }, file, name) => sftpPut(sftp, file, name);
  return [
    await contest("512 MiB as many files at once, HTTP through the server", compete(byCurl), room.options),
    await contest("512 MiB as many files at once, SFTP", compete(bySftp), room.options),
  ];
}

async function sentAtOnce(room: Room, send: Send, count: number): Promise<Sample> {
  const file = await room.file("at-once.bin", total / count);
  const gateway = await startGateway(room);
  await using _server = gateway.naru;
  // The first upload of a process brings code and connections, which is no matter of how many there are.
  await send(gateway, await room.file("first.bin", MiB), "first.bin");
  const { pid } = gateway.naru;
  const [idle, cpuBefore] = [residentMiB(pid), cpuSecondsOf(pid)];
  let most = idle;
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(pid));
  }, 50);
  const start = performance.now();
  try {
    const names = Array.from({ length: count }, (_, index) => `at-once-${index}.bin`);
    await Promise.all(names.map((name) => patiently(() => send(gateway, file, name))));
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - start) / 1000;
  const notes = { "MiB/s": total / MiB / seconds, "MiB of the server": most, "MiB over idle": most - idle };
  return { seconds, cpuSeconds: cpuSecondsOf(pid) - cpuBefore, notes };
}

async function patiently(send: () => Promise<Sample>): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      await send();
      return;
    } catch (error) {
      if (left === 1) throw error;
    }
  }
}
