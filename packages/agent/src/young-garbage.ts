/**
 * Every read of a socket is a buffer of its own, and each packet that is encrypted is two. V8 counts such bytes, and after
 * some 32 MiB of them it marks the whole heap: 60 times while the agent sends 512 MiB, a third of its CPU time. The young
 * generation alone, collected before that, gives them back in a millisecond.
 *
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MiB } from "@naru/core";

const bytesBetween = 16 * MiB;

let made = 0;
let collect: (() => void) | undefined;

/** Tell that buffers of so many bytes were made which are not needed any more soon; at times earlier ones are collected. */
export function noteGarbage(bytes: number): void {
  made += bytes;
  if (made < bytesBetween) return;
  made = 0;
  collect ??= youngCollector();
  collect();
}

/** Node hands out its collector to contexts that are made while this flag is set. */
function youngCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collector: unknown = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  return typeof collector === "function" ? () => collector({ type: "minor" }) : () => undefined;
}
