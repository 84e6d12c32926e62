import { isGroup } from "./transfer-group.ts";
import type { ListItem } from "./transfer-list.ts";

/** Where in the queue something is moved. */
export type QueuePlace = "first" | "earlier" | "later" | "last";

/** How far from the next one the first and the last stand. */
const apart = 1000;

/** What waits in the queue, in its order, with groups as one. */
export function queued(units: readonly ListItem[]): readonly ListItem[] {
  return units.filter(waits).sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
}

/** Whether something still waits in the queue. */
export function waits(item: ListItem): boolean {
  return isGroup(item) ? item.tally.count("waiting") > 0 : item.state === "waiting" && !item.elsewhere;
}

/** By what `move` knows it: the key of a row, the id of a group. */
export function unitOf(item: ListItem): string {
  return isGroup(item) ? item.id : item.key;
}

/** The `order` that takes a unit to a place; `undefined` when it stands there already. */
export function orderAt(queue: readonly ListItem[], unit: string, place: QueuePlace): number | undefined {
  const at = queue.findIndex((item) => unitOf(item) === unit);
  const to = { first: 0, earlier: at - 1, later: at + 1, last: queue.length - 1 }[place];
  if (at < 0 || to === at || to < 0 || to >= queue.length) return undefined;
  return orderBefore(queue, unit, to < at ? unitAt(queue, to) : unitAt(queue, to + 1));
}

/** The `order` that takes a unit before another, or to the end. */
export function orderBefore(queue: readonly ListItem[], unit: string, next: string | undefined): number | undefined {
  const others = queue.filter((item) => unitOf(item) !== unit);
  const at = next === undefined ? others.length : others.findIndex((item) => unitOf(item) === next);
  if (at < 0 || others.length === 0 || unit === next) return undefined;
  const before = others[at - 1]?.order;
  const after = others[at]?.order;
  if (before === undefined) return (after ?? 0) - apart;
  return after === undefined ? before + apart : (before + after) / 2;
}

function unitAt(queue: readonly ListItem[], at: number): string | undefined {
  const item = queue[at];
  return item === undefined ? undefined : unitOf(item);
}
