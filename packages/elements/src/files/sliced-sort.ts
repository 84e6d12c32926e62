import { Turns } from "@naru/client/browser";
import type { ListedEntry } from "./entry.ts";
import type { Compare } from "./entry-order.ts";

const sliceSize = 2000;

/** Order many entries without holding the page up: between slices everything else has its turn. */
export async function sortSliced(entries: readonly ListedEntry[], compare: Compare): Promise<ListedEntry[]> {
  const turns = new Turns();
  let runs: ListedEntry[][] = [];
  for (let start = 0; start < entries.length; start += sliceSize) {
    runs.push(entries.slice(start, start + sliceSize).sort(compare));
    await turns.next();
  }
  while (runs.length > 1) {
    const merged: ListedEntry[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [left, right] = [runs[index] ?? [], runs[index + 1]];
      merged.push(right === undefined ? left : await mergeSliced(left, right, { compare, turns }));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

/** Put a few ordered entries among many. */
export function mergeInto(many: readonly ListedEntry[], few: readonly ListedEntry[], compare: Compare): ListedEntry[] {
  const merged: ListedEntry[] = [];
  let from = 0;
  for (const entry of few) {
    const to = placeOf(many, entry, { compare, from });
    for (let index = from; index < to; index += 1) merged.push(at(many, index));
    merged.push(entry);
    from = to;
  }
  for (let index = from; index < many.length; index += 1) merged.push(at(many, index));
  return merged;
}

async function mergeSliced(
  left: readonly ListedEntry[],
  right: readonly ListedEntry[],
  { compare, turns }: { readonly compare: Compare; readonly turns: Turns },
): Promise<ListedEntry[]> {
  const merged: ListedEntry[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [a, b] = [left[i], right[j]];
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      merged.push(a);
      i += 1;
    } else if (b !== undefined) {
      merged.push(b);
      j += 1;
    }
    if (merged.length % sliceSize === 0) await turns.next();
  }
  return merged;
}

/** Where an entry belongs, by bisection. */
function placeOf(
  entries: readonly ListedEntry[],
  entry: ListedEntry,
  { compare, from }: { readonly compare: Compare; readonly from: number },
): number {
  let low = from;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(at(entries, middle), entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function at(entries: readonly ListedEntry[], index: number): ListedEntry {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError(`Cannot read entry ${index}: there are ${entries.length}`);
  return entry;
}
