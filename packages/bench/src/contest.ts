/** Peers doing the same work in turn: interleaved rounds, medians, ratios. */

/** What one run took. */
export interface Sample {
  readonly seconds: number;
  /** User and system time of the process that did the work and its children. */
  readonly cpuSeconds?: number | undefined;
  /** Any other figure worth a line, e.g. memory. */
  readonly notes?: Readonly<Record<string, number>> | undefined;
}

/** Each median of `figures` (seconds, unless said) must be at most `atMost` times the least among `of`. */
export interface RatioTarget {
  readonly atMost: number;
  readonly of: readonly string[];
  readonly figures?: readonly string[];
  /** Another limit for CPU seconds, which then count as well. */
  readonly cpuAtMost?: number;
}

/** A figure that must be reached by itself, not against a peer. */
export interface FigureTarget {
  readonly atMost: number;
  readonly of: "seconds" | "cpuSeconds" | string;
}

export interface Competitor {
  readonly name: string;
  readonly target?: RatioTarget | FigureTarget | undefined;
  run(round: number): Promise<Sample>;
}

export interface Standing {
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly failure?: string | undefined;
  readonly target?: RatioTarget | FigureTarget | undefined;
}

export interface Contest {
  readonly title: string;
  readonly standings: readonly Standing[];
}

/** How often, and which: of those whose name, or whose contest's title, holds one of the words; all without words. */
export interface ContestOptions {
  readonly rounds?: number;
  readonly only?: readonly string[];
  readonly titles?: readonly string[];
}

/** Let every competitor run once a round, in turn, so that the machine's moods fall on all of them. */
export async function contest(
  title: string,
  competitors: readonly Competitor[],
  { rounds = 3, only = [], titles = [] }: ContestOptions = {},
): Promise<Contest> {
  const chosen = competitors.filter(({ name }) => holdsOneOf(only, name) && holdsOneOf(titles, title));
  const samples = new Map<string, Sample[]>(chosen.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run } of chosen) {
      if (failures.has(name)) continue;
      try {
        const sample = await run(round);
        samples.get(name)?.push(sample);
        console.error(`  ${title} | ${round}/${rounds} ${name}: ${sample.seconds.toFixed(2)} s`);
      } catch (error) {
        failures.set(name, error instanceof Error ? error.message : String(error));
        console.error(`  ${title} | ${round}/${rounds} ${name}: ${failures.get(name)}`);
      }
    }
  }
  const standings = chosen.map(({ name, target }) => ({
    name,
    target,
    samples: samples.get(name) ?? [],
    failure: failures.get(name),
  }));
  return { title, standings };
}

function holdsOneOf(words: readonly string[], text: string): boolean {
  return words.length === 0 || words.some((word) => text.includes(word));
}

/** Mean and standard deviation (of a sample: n - 1) of one figure, as the source document has them. `undefined` of none. */
export function spreadOf(standing: Standing, name: string): { mean: number; deviation: number } | undefined {
  const values = standing.samples.map((sample) => figure(sample, name)).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

/** The middle value; of an even number of values, the mean of the two in the middle. `undefined` of none. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

/** The median of one figure of a standing: `seconds`, `cpuSeconds`, or a name of its notes. */
export function figureOf(standing: Standing, name: string): number | undefined {
  return median(standing.samples.map((sample) => figure(sample, name)).filter((value) => value !== undefined));
}

function figure(sample: Sample, name: string): number | undefined {
  if (name === "seconds") return sample.seconds;
  return name === "cpuSeconds" ? sample.cpuSeconds : sample.notes?.[name];
}
