/** How long something took, and how fast the bytes went meanwhile. */

import type { ExperimentRun } from "@naru/core";

const sampleMs = 100;
const mostSamples = 100;

/** What a clock says of one run. */
export type Timed = Required<Pick<ExperimentRun, "seconds" | "bytesCarried" | "samples">>;

/** Time some work, which calls `onBytes` with the bytes that have been carried since its last call. */
export async function timed(work: (onBytes: (bytes: number) => void) => Promise<void>): Promise<Timed> {
  let carried = 0;
  const samples: [number, number][] = [];
  const began = performance.now();
  const since = (): number => (performance.now() - began) / 1000;
  const timer = setInterval(() => samples.push([since(), carried]), sampleMs);
  try {
    await work((bytes) => {
      carried += bytes;
    });
  } finally {
    clearInterval(timer);
  }
  const seconds = since();
  return {
    seconds: roundedSeconds(seconds),
    bytesCarried: carried,
    samples: thinned([[0, 0], ...samples, [seconds, carried]]),
  };
}

/** No clock over a network is finer than a tenth of a millisecond. */
export function roundedSeconds(seconds: number): number {
  return Number(seconds.toFixed(4));
}

/** Of many samples the picture needs few. */
function thinned(samples: readonly (readonly [number, number])[]): [number, number][] {
  const every = Math.ceil(samples.length / mostSamples);
  const kept = samples.filter((_, index) => index % every === 0 || index === samples.length - 1);
  return kept.map(([at, bytes]) => [roundedSeconds(at), bytes]);
}
