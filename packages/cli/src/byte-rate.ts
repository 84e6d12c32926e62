/** Speeds as people write them. */

import { GiB, KiB, MiB } from "@naru/core";

/** `K` alone counts by 1,024, as curl, wget and rsync read it; `kB` and bits count by 1,000. */
const factors: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  K: KiB,
  KIB: KiB,
  KB: 1e3,
  M: MiB,
  MIB: MiB,
  MB: 1e6,
  G: GiB,
  GIB: GiB,
  GB: 1e9,
  KBIT: 1e3 / 8,
  MBIT: 1e6 / 8,
  GBIT: 1e9 / 8,
};

/** Read a speed as bytes per second; `undefined` for what is none, or below 1 KiB a second, where no connection would last. */
export function byteRate(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/iu.exec(text.trim().replace(/\/s$/iu, ""));
  if (found === null) return undefined;
  const [, digits = "", unit = ""] = found;
  // Megabits are often written Mbps or Mb; an upper-case B is a byte.
  const bits = /^[kmg]bps$/iu.test(unit) || /^[kmgKMG]b$/u.test(unit);
  const name = bits ? `${unit.slice(0, 1)}BIT` : unit;
  const factor = factors[name.toUpperCase()];
  if (factor === undefined) return undefined;
  const speed = Math.floor(Number(digits) * factor);
  return Number.isSafeInteger(speed) && speed >= KiB ? speed : undefined;
}
