/** What a series of measurements says. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** The standard deviation of a sample; 0 of a single one. */
  readonly deviation: number;
  readonly median: number;
}

/** Sum up a series. @throws {RangeError} for an empty one */
export function summaryOf(values: readonly number[]): Summary {
  const count = values.length;
  if (count === 0) throw new RangeError("Cannot sum up nothing");
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, deviation: count === 1 ? 0 : Math.sqrt(squares / (count - 1)), median: medianOf(values) };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [lower = 0, upper = lower] = sorted.length % 2 === 1 ? [sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (lower + upper) / 2;
}
