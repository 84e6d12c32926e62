import { describe, expect, test } from "vitest";
import type { Measured, Store } from "../src/index.ts";
import {
  memoryJournal,
  memoryStore,
  meterStore,
  retryStore,
  throttleStore,
  verifyStore,
  wrapStore,
} from "../src/index.ts";
import { describeJournal, describeStore, faults, md5, pattern } from "../testing/index.ts";
import { ManualClock } from "./manual-clock.ts";

const clock = new ManualClock();
const random = (): number => 0.5;

function around(wrap: (store: Store) => Store): () => { store: Store; files: ReturnType<typeof memoryStore> } {
  return () => {
    const inner = memoryStore(new Map(), { md5 });
    return { store: wrap(inner), files: inner };
  };
}

describeStore(
  "nothing around memory",
  around((store) => wrapStore(store, {})),
);
// One try: the rules expect failures, and time does not pass here.
describeStore(
  "retry around memory",
  around((store) => retryStore(store, { clock, random, tries: 1 })),
);
describeStore(
  "meter around memory",
  around((store) => meterStore(store, { clock, onCall: () => undefined })),
);
describeStore(
  "throttle around memory",
  around((store) => throttleStore(store, { clock, bytesPerSecond: Number.POSITIVE_INFINITY })),
);
describeStore("verify around memory", around(verifyStore));
describeStore(
  "faults without a fault",
  around((store) => faults(store, () => undefined)),
);
describeJournal("memory", () => memoryJournal());

const spec = { path: "a.bin", size: 1000, partSize: 1000 };
const part = { number: 1, offset: 0, size: 1000 };
const body = new Blob([pattern(1000)]);

describe("stores around stores", () => {
  test("retry tries again what may succeed", async () => {
    const time = new ManualClock();
    const failing = faults(memoryStore(), ({ count }) => (count < 3 ? { fail: "unavailable" } : undefined));
    let held: unknown;
    const done = (async () => {
      const upload = await retryStore(failing, { clock: time, random }).create(spec);
      held = await upload.put(part, body);
    })();
    await time.until(() => held !== undefined);
    await done;
    expect(held).toMatchObject({ part });
  });

  test("retry does not try again what cannot succeed", async () => {
    const calls: number[] = [];
    const failing = faults(memoryStore(), ({ count }) => {
      calls.push(count);
      return { fail: "forbidden" };
    });
    await expect(retryStore(failing, { clock, random }).create(spec)).rejects.toMatchObject({ code: "forbidden" });
    expect(calls).toEqual([1]);
  });

  test("meter tells of calls, bytes and failures", async () => {
    const seen: Measured[] = [];
    const upload = await meterStore(memoryStore(), { clock, onCall: (call) => void seen.push(call) }).create(spec);
    await upload.put(part, body);
    await expect(upload.put({ ...part, number: 9 }, body)).rejects.toThrow();
    expect(seen).toMatchObject([{ call: "create" }, { call: "put", bytes: 1000 }, { call: "put", failure: "invalid" }]);
  });

  test("throttle holds all bodies together to the speed", async () => {
    const time = new ManualClock();
    const store = throttleStore(memoryStore(), { clock: time, bytesPerSecond: 500 });
    const upload = await store.create({ ...spec, size: 2000 });
    const landed: number[] = [];
    const puts = [part, { number: 2, offset: 1000, size: 1000 }].map((each) =>
      upload.put(each, body).then(() => landed.push(each.number)),
    );
    const took = await time.until(() => landed.length === 2);
    await Promise.all(puts);
    expect(took).toBeGreaterThanOrEqual(3950);
  });

  test("verify does not believe a store that changes bytes", async () => {
    const inner = memoryStore();
    const lying = wrapStore(inner, {
      upload: (upload) => ({ put: (each, _, options) => upload.put(each, new Blob([pattern(1000, 9)]), options) }),
    });
    const upload = await verifyStore(lying).create(spec);
    await expect(upload.put(part, body)).rejects.toMatchObject({ code: "checksum-mismatch" });
  });
});
