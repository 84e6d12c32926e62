import type { Benchmark } from "../benchmark.ts";
import { atOnce } from "../scale/at-once.ts";
import { manyParts } from "../scale/many-parts.ts";
import { sentAgain } from "../scale/sent-again.ts";
import { sizes } from "../scale/sizes.ts";

export const scale: Benchmark = {
  name: "scale",
  about: "1 to 8 GiB, 10,000 parts, 64 transfers at once, and what is sent again after a kill half-way",
  rounds: 3,
  async run(room) {
    return [...(await sizes(room)), ...(await manyParts(room)), ...(await atOnce(room)), await sentAgain(room)];
  },
};
