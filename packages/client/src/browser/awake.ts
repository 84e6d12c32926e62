/** Tells when the line may be back: the browser says so, or the computer has slept. */

const beatMs = 2000;
/** A beat that comes this late means that the computer slept. */
const sleptMs = 10_000;

/** Call `wake` then; in a worker, for as long as it lives. */
export function whenAwake(wake: () => void): void {
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > sleptMs) wake();
    last = now;
  }, beatMs);
  self.addEventListener("online", wake);
}
