import { choosePartSize, type Limits, MiB } from "@naru/core";

/** Tells how large part `number` should be. */
export type PartSizes = (number: number) => number;

/** Up to which share of the store's part numbers parts have which size. */
const steps: readonly { readonly until: number; readonly size: number }[] = [
  { until: 0.1, size: 8 * MiB },
  { until: 0.3, size: 16 * MiB },
  { until: 0.7, size: 32 * MiB },
  { until: 0.8, size: 512 * MiB },
  { until: 1, size: 3072 * MiB },
];
/** Where parts must be equal and the size is not known. */
const equalSize = 32 * MiB;

/**
 * Plan the parts of a file that comes as a stream. Of unknown size they grow, so that a small file is not held up and
 * 10,000 parts hold more than 5 TiB; with a hint, or where the store wants it, they are equal.
 */
export function planSizes(
  limits: Limits,
  { hint, fixed }: { hint?: number | undefined; fixed?: number | undefined },
): PartSizes {
  const clamp = (size: number): number => Math.max(1, limits.minPartSize, Math.min(size, limits.maxPartSize));
  if (limits.equalParts) {
    const size = fixed ?? (hint === undefined ? clamp(equalSize) : choosePartSize(hint, limits, 16 * MiB));
    return () => size;
  }
  if (hint !== undefined) {
    const size = choosePartSize(hint, limits, hint <= 4096 * MiB ? 8 * MiB : 16 * MiB);
    return () => size;
  }
  return (number) => {
    const step = steps.find(({ until }) => number <= until * limits.maxParts) ?? steps.at(-1);
    return clamp(step?.size ?? equalSize);
  };
}

/** Tell whether a part that is not full may be sent as it is, and a file still become as large as it might. */
export function mayCutShort(
  { size, number, end }: { readonly size: number; readonly number: number; readonly end: number },
  limits: Limits,
): boolean {
  const { maxParts, maxSize, minPartSize, equalParts } = limits;
  if (equalParts || size < Math.max(1, minPartSize) || number >= maxParts) return false;
  const reach = Math.min(maxSize, 5 * 1024 * 1024 * MiB);
  return minPartSize <= 1 || roomAfter(number, limits) >= reach - end;
}

/** How many bytes the parts after `number` can still hold when they grow as planned. */
export function roomAfter(number: number, limits: Limits): number {
  const sizes = planSizes({ ...limits, equalParts: false }, {});
  let room = 0;
  let from = number;
  for (const { until } of steps) {
    const last = Math.floor(until * limits.maxParts);
    if (last <= from) continue;
    room += (last - from) * sizes(last);
    from = last;
  }
  return room;
}
