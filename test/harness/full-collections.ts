import { constants, PerformanceObserver } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";

/** Count how often the whole heap of this process is collected while `work` is done. */
export async function fullCollections(work: () => Promise<void>): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().filter(isFull).length;
  });
  observer.observe({ entryTypes: ["gc"] });
  await work();
  // Entries are told in a turn of their own.
  await wait(10);
  observer.disconnect();
  return count;
}

function isFull(entry: object): boolean {
  const detail: unknown = Reflect.get(entry, "detail");
  const kind: unknown = typeof detail === "object" && detail !== null ? Reflect.get(detail, "kind") : undefined;
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
