/** A disk that takes nothing: it is full, or does not answer for now. What must be written waits until it does. */

import { setTimeout as wait } from "node:timers/promises";
import type { Abortable } from "@naru/core";

const lookAgainMs = 1000;
const codes: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);
const sqlite = { failedToRead: 10, full: 13 };

/** Tell whether the disk (or the journal on it) refused bytes which it may take later. */
export function isDiskRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("errcode" in error && typeof error.errcode === "number") {
    // The upper bits say more exactly what failed.
    const code = error.errcode % 256;
    return code === sqlite.full || code === sqlite.failedToRead;
  }
  return ("code" in error && codes.has(error.code)) || isDiskRefusal(error.cause);
}

export interface PatientOptions extends Abortable {
  /** The disk has refused it for the first time. */
  readonly onRefused: (error: unknown) => void;
}

/** Write, again and again until the disk takes it; what else fails is thrown, and so is the signal's reason. */
export async function writePatiently(write: () => void, { signal, onRefused }: PatientOptions): Promise<void> {
  for (let tries = 0; ; tries++) {
    signal?.throwIfAborted();
    try {
      return write();
    } catch (error) {
      if (!isDiskRefusal(error)) throw error;
      if (tries === 0) onRefused(error);
    }
    await wait(lookAgainMs, undefined, { signal });
  }
}
