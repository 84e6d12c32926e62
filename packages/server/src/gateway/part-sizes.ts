import { choosePartSize, type Limits, MiB } from "@naru/core";

/** The plan of one arrival. */
export interface PartSizes {
  /** Tell how large part `number` should be, with `end` bytes in the parts before it if that is known. */
  (number: number, end?: number): number;
  /** Tell whether a part that is not full may be sent as it is, and the file still become as large as it might. */
  mayCutShort(part: Filled): boolean;
}

/** What is there of a part. */
interface Filled {
  readonly size: number;
  readonly number: number;
  /** Where it ends in the file. */
  readonly end: number;
}

type Size = (number: number, end?: number) => number;

/** Up to which share of the store's part numbers parts have which size; the last ones are larger where numbers are few. */
const steps: readonly { readonly until: number; readonly size: number }[] = [
  { until: 0.02, size: 8 * MiB },
  { until: 0.06, size: 16 * MiB },
  { until: 0.5, size: 32 * MiB },
  { until: 0.8, size: 1024 * MiB },
  { until: 1, size: 1024 * MiB },
];
/** Where parts must be equal and the size is not known. */
const equalSize = 32 * MiB;
/** A told size is to fit in this share of the part numbers, and in the larger one when parts were cut short. */
const declaredShare = 0.9;
const declaredShareCut = 0.95;
/** S3 takes no larger file, whatever a store says. */
const largestFile = 5 * 1024 * 1024 * MiB;

/**
 * Plan the parts of a file that comes as a stream. Of unknown size they grow, so that a small file is not held up and
 * 10,000 parts hold more than 5 TiB. With a hint they are equal and leave numbers for a file that becomes larger than
 * was told: then they grow too. Where the store wants it, they are equal whatever comes.
 *
 * @throws {TransferError} `too-large` if the store takes no file of `hint` bytes
 */
export function planSizes(
  limits: Limits,
  { hint, fixed }: { hint?: number | undefined; fixed?: number | undefined },
): PartSizes {
  if (limits.equalParts) {
    const size = fixed ?? (hint === undefined ? clamped(equalSize, limits) : choosePartSize(hint, limits, 16 * MiB));
    return Object.assign(() => size, { mayCutShort: () => false });
  }
  const declared = hint === undefined ? undefined : { hint, size: declaredSize(hint, limits) };
  const growing: Size = (number) => stepSize(number, limits);
  const size: Size = (number, end) => {
    if (declared === undefined) return growing(number);
    if (end === undefined) return declared.size;
    if (end >= declared.hint) return growing(number);
    // An earlier session may have spent more numbers on what is there.
    const needed = wholeMiB((declared.hint - end) / Math.max(1, limits.maxParts - number + 1));
    return clamped(Math.max(declared.size, needed), limits);
  };
  const mayCutShort = ({ size: held, number, end }: Filled): boolean => {
    const { maxParts, maxSize, minPartSize } = limits;
    if (held < Math.max(1, minPartSize) || number >= maxParts) return false;
    if (minPartSize <= 1) return true;
    if (declared !== undefined && end < declared.hint) {
      return (Math.floor(declaredShareCut * maxParts) - number) * declared.size >= declared.hint - end;
    }
    return roomAfter(number, limits) >= Math.min(maxSize, largestFile) - end;
  };
  return Object.assign(size, { mayCutShort });
}

/** How many bytes the parts after `number` can still hold when they grow as planned. */
export function roomAfter(number: number, limits: Limits): number {
  let room = 0;
  let from = number;
  for (const { until } of steps) {
    const last = Math.floor(until * limits.maxParts);
    if (last <= from) continue;
    room += (last - from) * stepSize(last, limits);
    from = last;
  }
  return room;
}

function declaredSize(hint: number, limits: Limits): number {
  const size = choosePartSize(hint, limits, hint <= 4096 * MiB ? 8 * MiB : 16 * MiB);
  const roomy = wholeMiB(hint / Math.max(1, Math.floor(declaredShare * limits.maxParts)));
  return Math.min(Math.max(size, roomy), Math.max(size, limits.maxPartSize));
}

function stepSize(number: number, limits: Limits): number {
  const step = steps.find(({ until }) => number <= until * limits.maxParts) ?? steps.at(-1);
  const size = step?.until === 1 ? Math.max(step.size, lastSize(limits)) : step?.size;
  return clamped(size ?? equalSize, limits);
}

/** How large the last parts must be for the largest file to fit. */
function lastSize(limits: Limits): number {
  let held = 0;
  let from = 0;
  for (const { until, size } of steps.slice(0, -1)) {
    const last = Math.floor(until * limits.maxParts);
    held += (last - from) * clamped(size, limits);
    from = last;
  }
  return wholeMiB((Math.min(limits.maxSize, largestFile) - held) / Math.max(1, limits.maxParts - from));
}

function clamped(size: number, { minPartSize, maxPartSize }: Limits): number {
  return Math.max(1, minPartSize, Math.min(size, maxPartSize));
}

function wholeMiB(size: number): number {
  return Math.ceil(size / MiB) * MiB;
}
