/** A program of its own: prints how often the whole heap was collected while buffers were made, unnoted and noted. */

import { constants, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { KiB, MiB } from "@naru/core";
import { noteGarbage } from "../src/young-garbage.ts";

const size = 512 * MiB;

async function fullCollections(note: (bytes: number) => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().filter(isFull).length;
  });
  observer.observe({ entryTypes: ["gc"] });
  for (let made = 0; made < size; made += 256 * KiB) {
    note(Buffer.allocUnsafeSlow(256 * KiB).length);
    await nextTurn();
  }
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

console.log(JSON.stringify([await fullCollections(() => undefined), await fullCollections(noteGarbage)]));
