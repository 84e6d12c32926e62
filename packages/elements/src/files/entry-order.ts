import type { ListedEntry } from "./entry.ts";

/** Which column a list is ordered by. */
export type SortColumn = "name" | "size" | "time";

/** How a list is ordered. Folders come first in any case. */
export interface Sort {
  readonly by: SortColumn;
  readonly descending: boolean;
}

/** Compares two entries. */
export type Compare = (a: ListedEntry, b: ListedEntry) => number;

const columns: Readonly<Record<SortColumn, Compare>> = {
  name: byName,
  size: (a, b) => a.size - b.size || byName(a, b),
  time: (a, b) => a.time - b.time || byName(a, b),
};

/** Make what orders entries. No two entries of a list are equal in it. */
export function compareBy({ by, descending }: Sort): Compare {
  const compare = columns[by];
  return (a, b) => {
    if (a.kind !== b.kind) return a.kind === "folder" ? -1 : 1;
    return descending ? compare(b, a) : compare(a, b);
  };
}

/** Order names as a person does: "2" before "10". */
export function compareNatural(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    if (isDigit(x) && isDigit(y)) {
      const [endOfA, endOfB] = [endOfDigits(a, i), endOfDigits(b, j)];
      const difference = compareDigits(a.slice(i, endOfA), b.slice(j, endOfB));
      if (difference !== 0) return difference;
      i = endOfA;
      j = endOfB;
    } else {
      if (x !== y) return x - y;
      i += 1;
      j += 1;
    }
  }
  return a.length - i - (b.length - j);
}

function byName(a: ListedEntry, b: ListedEntry): number {
  return compareNatural(a.key, b.key) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

function compareDigits(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+(?=\d)/, ""), b.replace(/^0+(?=\d)/, "")];
  if (x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : x > y ? 1 : 0;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
