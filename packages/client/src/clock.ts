import type { Abortable, Clock } from "@naru/core";

/** Real time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, options) => sleep(ms, options),
};

function sleep(ms: number, { signal }: Abortable = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
