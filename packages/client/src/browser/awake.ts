/** Tells when the line may be back: the browser says so, or the computer has slept. */

import type { WakeOptions } from "@naru/core";

const beatMs = 2000;
/** A beat that comes this late means that the computer slept. */
const sleptMs = 10_000;

/**
 * Call `wake` then; in a worker, for as long as it lives. A computer that has slept has dead connections, and nothing says
 * so: only the clock has gone on.
 */
export function whenAwake(wake: (options: WakeOptions) => void): void {
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > sleptMs) wake({ reconnect: true });
    last = now;
  }, beatMs);
  // Connections of the line that went may linger.
  self.addEventListener("online", () => wake({ reconnect: true }));
}
