import { noTotals, type RowState, type Tick, type Totals, type TransferRow } from "@naru/client/browser";
import { RowTally } from "./row-tally.ts";
import { isGroup, TransferGroup } from "./transfer-group.ts";

/** What the filter tabs show. */
export type Filter = "all" | "active" | "failed" | "done";

/** Where a row stands in the list: what moves or needs somebody first, what has ended last. */
const rankOf: Readonly<Record<TransferRow["state"], 0 | 1 | 2>> = {
  scanning: 0,
  checking: 0,
  uploading: 0,
  downloading: 0,
  paused: 0,
  offline: 0,
  verifying: 0,
  failed: 0,
  "needs-file": 0,
  waiting: 1,
  done: 2,
  cancelled: 2,
};

const filterOf: Readonly<Record<TransferRow["state"], Exclude<Filter, "all">>> = {
  scanning: "active",
  checking: "active",
  uploading: "active",
  downloading: "active",
  paused: "active",
  offline: "active",
  verifying: "active",
  waiting: "active",
  failed: "failed",
  "needs-file": "failed",
  done: "done",
  cancelled: "done",
};

const everyState: readonly RowState[] = [
  "scanning",
  "checking",
  "uploading",
  "downloading",
  "paused",
  "offline",
  "verifying",
  "waiting",
  "failed",
  "needs-file",
  "done",
  "cancelled",
];
const passing = (filter: Filter): readonly RowState[] => everyState.filter((state) => filterOf[state] === filter);
const statesOf: Readonly<Record<Filter, readonly RowState[]>> = {
  all: everyState,
  active: passing("active"),
  failed: passing("failed"),
  done: passing("done"),
};
const ranked: readonly RowState[] = everyState.filter((state) => rankOf[state] === 0);

/** What the open rows do together. */
export type Motion = "moving" | "offline" | "still";

const moving: readonly RowState[] = ["scanning", "checking", "uploading", "downloading", "verifying"];

/** What the list shows: rows, and the rows of files that were chosen together as one, which unfolds. */
export type ListItem = TransferRow | TransferGroup;

/** The rows as ticks left them, ordered and filtered; of 100,000 only those that change are looked at. */
export class TransferList {
  totals: Totals = noTotals;
  /** Grows when rows came, went or changed places, so that a view knows when to measure again. */
  version = 0;
  readonly #rows = new Map<string, TransferRow>();
  /** Rows that were chosen with no others. */
  readonly #single = new Map<string, TransferRow>();
  readonly #groups = new Map<string, TransferGroup>();
  readonly #tally = new RowTally();
  readonly #visible = new Map<Filter, readonly ListItem[]>();
  /** What a person has folded or unfolded. */
  readonly #unfolded = new Map<string, boolean>();

  /** Take in what changed. */
  apply(tick: Tick): void {
    let moved = tick.removed.length > 0;
    for (const key of tick.removed) this.#remove(key);
    for (const row of tick.rows) {
      const before = this.#rows.get(row.key);
      moved ||= before?.state !== row.state || before.error?.code !== row.error?.code || before.order !== row.order;
      this.#put(row, before);
    }
    this.totals = tick.totals;
    this.#visible.clear();
    if (moved) this.version += 1;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The sum of all rows. */
  get tally(): RowTally {
    return this.#tally;
  }

  row(key: string): TransferRow | undefined {
    return this.#rows.get(key);
  }

  group(id: string): TransferGroup | undefined {
    return this.#groups.get(id);
  }

  /** Whether the rows of a group are shown, one by one. */
  isUnfolded(group: TransferGroup, filter: Filter): boolean {
    return this.#unfolded.get(group.id) ?? (filter === "failed" || group.isSmall);
  }

  fold(group: TransferGroup, unfolded: boolean): void {
    this.#unfolded.set(group.id, unfolded);
    this.#visible.clear();
    this.version += 1;
  }

  /** What `filter` lets through, in the order to show it. */
  visible(filter: Filter): readonly ListItem[] {
    const known = this.#visible.get(filter);
    if (known !== undefined) return known;
    const items = this.units(filter).flatMap((unit) => this.#unfold(unit, filter));
    this.#visible.set(filter, items);
    return items;
  }

  /** What `filter` lets through, with groups as one. */
  units(filter: Filter): readonly ListItem[] {
    const ranks: [ListItem[], ListItem[], ListItem[]] = [[], [], []];
    for (const row of this.#loose()) {
      if (filter === "all" || filterOf[row.state] === filter) ranks[rankOf[row.state]].push(row);
    }
    for (const group of this.#groups.values()) {
      if (group.isOne && countOf(group.tally, filter) > 0) ranks[rankOfGroup(group)].push(group);
    }
    return ranks.flatMap((rank) => rank.sort((a, b) => (a.order ?? 0) - (b.order ?? 0)));
  }

  /** How many rows each filter lets through. */
  counts(): Readonly<Record<Filter, number>> {
    const of = (filter: Filter): number => countOf(this.#tally, filter);
    return { all: this.#rows.size, active: of("active"), failed: of("failed"), done: of("done") };
  }

  /** Whether bytes move, or are about to; nothing does while the open rows wait for the connection, or are paused. */
  motion(): Motion {
    return motionOf(this.#tally);
  }

  /** When the first unfinished upload is forgotten by the server. */
  earliestExpiry(): Date | undefined {
    let earliest: Date | undefined;
    for (const expires of this.#tally.expiring.values()) {
      if (earliest === undefined || expires < earliest) earliest = expires;
    }
    return earliest;
  }

  #put(row: TransferRow, before: TransferRow | undefined): void {
    if (before !== undefined) this.#tally.remove(before);
    this.#tally.add(row);
    this.#rows.set(row.key, row);
    if (row.group === undefined) this.#single.set(row.key, row);
    else {
      const group = this.#groups.get(row.group.id) ?? new TransferGroup(row.group);
      this.#groups.set(group.id, group);
      group.put(row, group.rows.get(row.key));
    }
  }

  #remove(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    this.#single.delete(key);
    this.#tally.remove(row);
    const group = row.group && this.#groups.get(row.group.id);
    group?.remove(row);
    if (group?.rows.size === 0) this.#groups.delete(group.id);
  }

  /** The rows that stand for themselves, in the order in which they came. */
  *#loose(): Generator<TransferRow> {
    yield* this.#single.values();
    for (const group of this.#groups.values()) if (!group.isOne) yield* group.rows.values();
  }

  #unfold(unit: ListItem, filter: Filter): readonly ListItem[] {
    if (!isGroup(unit) || !this.isUnfolded(unit, filter)) return [unit];
    const items: ListItem[] = [unit];
    for (const row of unit.rows.values()) if (filter === "all" || filterOf[row.state] === filter) items.push(row);
    return items;
  }
}

/** Whether the bytes of these rows move. */
export function motionOf(tally: RowTally): Motion {
  if (tally.count(...moving) > 0) return "moving";
  if (tally.count("offline") > 0) return "offline";
  return tally.count("waiting") > 0 ? "moving" : "still";
}

/** How many rows of these a filter lets through. */
export function countOf(tally: RowTally, filter: Filter): number {
  return tally.count(...statesOf[filter]);
}

function rankOfGroup({ tally }: TransferGroup): 0 | 1 | 2 {
  if (tally.count(...ranked) > 0) return 0;
  return tally.count("waiting") > 0 ? 1 : 2;
}
