import { describe, expect, test } from "vitest";
import type { Store } from "../src/index.ts";
import { throttle, wrapStore } from "../src/index.ts";
import { describeStore, faults, md5, memoryStore, pattern } from "../testing/index.ts";
import { ManualClock } from "./manual-clock.ts";
import { memoryLacks } from "./memory-lacks.ts";

const clock = new ManualClock();

function around(wrap: (store: Store) => Store): () => { store: Store; files: ReturnType<typeof memoryStore> } {
  return () => {
    const inner = memoryStore(new Map(), { md5 });
    return { store: wrap(inner), files: inner };
  };
}

const { prepare: _, ...withoutPrepare } = memoryLacks;

describeStore(
  "nothing around memory",
  around((store) => wrapStore(store, { upload: () => ({}) })),
  memoryLacks,
);
describeStore(
  "throttle around memory",
  around((store) => throttle({ clock, bytesPerSecond: () => Number.POSITIVE_INFINITY })(store)),
  memoryLacks,
);
describeStore(
  "faults without a fault",
  around((store) => faults(store, () => undefined)),
  // It passes `prepare` on to whoever has it.
  { ...withoutPrepare, putFile: "its calls are those of uploads", unfinished: "its calls are those of uploads" },
);

const spec = { path: "a.bin", size: 1000, partSize: 1000 };
const part = { number: 1, offset: 0, size: 1000 };
const body = new Blob([pattern(1000)]);

describe("stores around stores", () => {
  test("throttle holds all bodies together to the speed", async () => {
    const time = new ManualClock();
    const store = throttle({ clock: time, bytesPerSecond: () => 500 })(memoryStore());
    const upload = await store.create({ ...spec, size: 2000 });
    const landed: number[] = [];
    const puts = [part, { number: 2, offset: 1000, size: 1000 }].map((each) =>
      upload.put(each, body).then(() => landed.push(each.number)),
    );
    const took = await time.until(() => landed.length === 2);
    await Promise.all(puts);
    expect(took).toBeGreaterThanOrEqual(3950);
  });
});
