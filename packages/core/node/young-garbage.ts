/**
 * What passes through a process is garbage soon: every read of a socket is a buffer of its own, and encryption makes more. V8
 * counts such bytes, and after some 32 to 64 MiB of them it marks the whole heap, again and again. The young generation alone,
 * collected before that, gives them back in a millisecond.
 *
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Make a counter of bytes in buffers that are not needed any more soon. It is told of them as they come or are made, and after
 * each `bytesBetween` it has the young generation collected.
 */
export function youngGarbage(bytesBetween: number): (bytes: number) => void {
  let noted = 0;
  let collect: (() => void) | undefined;
  return (bytes) => {
    noted += bytes;
    if (noted < bytesBetween) return;
    noted = 0;
    collect ??= youngCollector();
    collect();
  };
}

/** Node hands out its collector to contexts that are made while this flag is set. */
function youngCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collector: unknown = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  return typeof collector === "function" ? () => collector({ type: "minor" }) : () => undefined;
}
