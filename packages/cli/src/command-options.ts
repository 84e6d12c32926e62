/** Where the command line meets its library: commands, and the options that several of them have. */

import { InvalidArgumentError, Option } from "commander";
import { byteRate } from "./byte-rate.ts";

export { Command, CommanderError, InvalidArgumentError, Option } from "commander";

/** Collect an option that may be given more than once. */
export function repeated(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Make the option that says how bytes travel. */
export function routeOption(): Option {
  return new Option("--route <ROUTE>", "how bytes travel").choices(["auto", "direct", "proxy"]).default("auto");
}

/** Make the option that limits the speed. */
export function limitOption(): Option {
  const text = "bytes per second for all files together: 500K, 20M, 1.5MiB/s, 100Mbit/s";
  return new Option("--limit <SPEED>", text).argParser((value) => {
    const speed = byteRate(value);
    if (speed !== undefined) return speed;
    throw new InvalidArgumentError("It is a speed such as 500K, 20M, 1.5MiB/s or 100Mbit/s, 1K at least.");
  });
}

/** Make the option that says for how many days the bin keeps things. */
export function binOption(): Option {
  const text = "for how long the bin keeps what people remove in the page: 30d, or off";
  return new Option("--bin <DAYS>", text).default(30, "30d").argParser((value) => {
    const days = value === "off" ? 0 : Number(/^([1-9]\d{0,3})d$/u.exec(value)?.[1]);
    if (Number.isInteger(days)) return days;
    throw new InvalidArgumentError("It is a number of days, such as 30d, or off.");
  });
}

/** Make the option that says for how many days nobody may have worked on an upload. */
export function olderOption(): Option {
  const text = "only what has been idle for longer, such as 30d; an upload's own life is the least";
  return new Option("--older <DAYS>", text).argParser((value) => {
    const days = Number(/^([1-9]\d{0,3})d$/u.exec(value)?.[1]);
    if (Number.isInteger(days)) return days;
    throw new InvalidArgumentError("It is a number of days, such as 7d.");
  });
}

/** Read a whole number within bounds. */
export function numberIn(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}
