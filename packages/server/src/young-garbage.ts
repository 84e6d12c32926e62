/**
 * What passes through is garbage soon: every read of a socket is a buffer of its own, and decryption makes another. V8 counts
 * such bytes, and after 64 MiB of them it marks the whole heap: 30 times for 512 MiB by SFTP, which took a third of the
 * server's CPU time. The young generation alone, collected before that, gives them back in a millisecond.
 *
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MiB } from "@naru/core";

/** A read and its decryption make twice as much. */
const bytesBetween = 16 * MiB;

let passed = 0;
let collect: (() => void) | undefined;

/** Tell that bytes came or went in buffers of their own; at times what became of earlier ones is collected. */
export function noteBytes(bytes: number): void {
  passed += bytes;
  if (passed < bytesBetween) return;
  passed = 0;
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
