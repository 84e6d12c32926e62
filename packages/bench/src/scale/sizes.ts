/** Whether a large file moves as fast as a small one. */

import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "../benchmark.ts";
import { type Competitor, type Contest, contest, type Sample } from "../contest.ts";
import type { Room } from "../room.ts";

const gibs = [1, 2, 4, 8];
const note = "ms/MiB";

/** `naru put` into the file store and `naru get` out of it, 1 to 8 GiB: each as fast as the fastest, within 5 %. */
export async function sizes(room: Room): Promise<readonly Contest[]> {
  const store = join(room.dir, "sizes");
  const naru = await room.naru(`file:${store}`);
  const target = { atMost: 1.05, of: gibs.map((gib) => `${gib} GiB`), figures: [note] };
  const each = (work: (file: string, gib: number) => Promise<Sample>): Competitor[] =>
    gibs.map((gib) => ({
      name: `${gib} GiB`,
      target,
      run: async () => {
        // Full of zeros, so that reading it costs the disk nothing.
        const file = await room.file(`${gib}.bin`, 1);
        await truncate(file, gib * 1024 * MiB);
        const sample = await work(file, gib).finally(() => rm(join(store, `${gib}.bin`), { force: true }));
        const mib = gib * 1024;
        return { ...sample, notes: { [note]: (sample.seconds * 1000) / mib, "MiB/s": mib / sample.seconds } };
      },
    }));
  const put = (file: string): Promise<Sample> => naru.command(["put", file, "--route", "proxy", "--json"]);
  const get = async (file: string, gib: number): Promise<Sample> => {
    await room.file(`sizes/${gib}.bin`, 1);
    await truncate(join(store, `${gib}.bin`), gib * 1024 * MiB);
    await rm(file);
    const sample = await naru.command(["get", `${gib}.bin`, file, "--json"]);
    await rm(file);
    return sample;
  };
  return [
    await contest("naru put through the server into a folder", each(put), room.options),
    await contest("naru get through the server out of a folder", each(get), room.options),
  ];
}
