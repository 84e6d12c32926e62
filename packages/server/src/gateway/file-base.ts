import { GiB, isTransferError, type Limits, MiB, type Part, type Receipt, type StoredFile } from "@naru/core";

/** A finished file that an arrival goes on from. */
export interface Base {
  readonly file: StoredFile;
}

const copiedAtOnce = GiB;

/**
 * Fill parts from a finished file, as few as may be; `undefined` if the store cannot copy this file. A rest that is too
 * small for a part is left out.
 *
 * @param copy fills one part
 */
export async function copyRanges(
  { minPartSize, maxPartSize, maxParts }: Limits,
  { from, to, number }: { readonly from: number; readonly to: number; readonly number: number },
  copy: (part: Part) => Promise<Receipt>,
): Promise<readonly Receipt[] | undefined> {
  // Half of the numbers are left for what is appended.
  const needed = Math.ceil((to - from) / Math.max(1, Math.floor(maxParts / 2)) / MiB) * MiB;
  const largest = Math.min(Math.max(copiedAtOnce, needed), maxPartSize);
  const receipts: Receipt[] = [];
  let offset = from;
  while (to - offset >= Math.max(1, minPartSize)) {
    const left = to - offset;
    // What is left after this one must not be less than a part may be, where that can be had.
    const shorter = left - minPartSize;
    const size = left <= largest ? left : left - largest < minPartSize && shorter >= minPartSize ? shorter : largest;
    try {
      receipts.push(await copy({ number: number + receipts.length, offset, size }));
    } catch (error) {
      if (isTransferError(error) && error.code === "unsupported" && receipts.length === 0) return undefined;
      throw error;
    }
    offset += size;
  }
  return receipts;
}
