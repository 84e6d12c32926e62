import { describe, expect, test } from "vitest";
import type { Files, Progress, Store, TransferOptions } from "../src/index.ts";
import { crc64, MiB, Transfer, TransferError } from "../src/index.ts";
import { type Call, type Fault, faults, md5, memoryStore, pattern, readBody, type Schedule } from "../testing/index.ts";
import { bytesSource, ManualClock, settle } from "./manual-clock.ts";

const partSize = 1000;

interface Scene {
  readonly clock: ManualClock;
  readonly inner: Store & Files;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly calls: Call[];
  readonly seen: Progress[];
  make(options?: Partial<TransferOptions>, parts?: number): Transfer;
}

function scene(size: number, schedule: Schedule = () => undefined, inner = memoryStore(new Map(), { md5 })): Scene {
  const clock = new ManualClock();
  const bytes = pattern(size);
  const calls: Call[] = [];
  const seen: Progress[] = [];
  const store = faults(inner, (call) => {
    calls.push(call);
    return schedule(call);
  });
  const make = (options: Partial<TransferOptions> = {}, parts = partSize): Transfer =>
    new Transfer(
      bytesSource(bytes),
      store,
      { path: "a.bin", partSize: parts },
      {
        clock,
        random: () => 0.5,
        digest: async (body) => {
          const read = await readBody({ number: 1, offset: 0, size: body.size }, body);
          return { md5: md5(read), crc64: crc64(read) };
        },
        onProgress: (progress) => void seen.push(progress),
        ...options,
      },
    );
  return { clock, inner, bytes, calls, seen, make };
}

const puts = (calls: readonly Call[]): readonly number[] =>
  calls.filter((call) => call.kind === "put").map((call) => call.part?.number ?? 0);
const never: Fault = { stall: new Promise<void>(() => undefined) };

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "done",
    (error: unknown) => error,
  );
}

async function expectArrived({ inner, bytes }: Scene): Promise<void> {
  expect(await inner.stat("a.bin")).toMatchObject({ size: bytes.length, crc64: crc64(bytes) });
}

describe("a transfer", () => {
  test.each([0, 1, 999, 1000, 1001, 10_500])("of %i bytes arrives, each part sent once", async (size) => {
    const it = scene(size);
    await it.make().run();
    await expectArrived(it);
    expect(puts(it.calls).length).toBe(Math.max(1, Math.ceil(size / partSize)));
    expect(it.seen.at(-1)).toMatchObject({ state: "done", confirmed: size, inFlight: 0, bytesSent: size });
    expect([...new Set(it.seen.map((progress) => progress.state))]).toEqual([
      "checking",
      "uploading",
      "verifying",
      "done",
    ]);
  });

  test("goes on after a pause with what has a receipt", async () => {
    const gate = Promise.withResolvers<void>();
    const it = scene(6000, ({ kind, count }) => (kind === "put" && count > 2 ? { stall: gate.promise } : undefined));
    const transfer = it.make();
    const running = transfer.run();
    await it.clock.until(() => transfer.progress.confirmed === 2000);
    transfer.pause();
    await it.clock.advance(60_000);
    expect(transfer.progress).toMatchObject({ state: "paused", confirmed: 2000, inFlight: 0 });
    gate.resolve();
    transfer.resume();
    await running;
    await expectArrived(it);
    expect(puts(it.calls).filter((number) => number <= 2)).toEqual([1, 2]);
  });

  test("begins anew with smaller parts when a proxy lets none through, and says so when they cannot be smaller", async () => {
    const limit =
      (most: number): Schedule =>
      ({ kind, part }) =>
        kind === "put" && (part?.size ?? 0) > most ? { fail: "proxy-limit" } : undefined;
    const it = scene(3 * MiB + 7, limit(MiB));
    const transfer = it.make({}, 4 * MiB);
    await transfer.run();
    await expectArrived(it);
    expect(it.calls.filter(({ kind }) => kind === "create").length).toBe(3);
    expect(it.calls.filter(({ kind }) => kind === "abort").length).toBe(2);
    expect(it.seen.at(-1)).toMatchObject({ state: "done", confirmed: 3 * MiB + 7 });

    const refused = scene(3 * MiB, limit(100_000));
    expect(await outcome(refused.make({}, 4 * MiB).run())).toMatchObject({ code: "proxy-limit" });
    const grain = memoryStore(new Map(), { md5, limits: { minPartSize: 2 * MiB } });
    const coarse = scene(5 * MiB, limit(MiB), grain);
    expect(await outcome(coarse.make({}, 2 * MiB).run())).toMatchObject({ code: "proxy-limit" });
  });

  test("a run ends with its signal, what has a receipt stays, and it can be run again", async () => {
    const it = scene(6000, ({ kind, count }) => (kind === "put" && count > 2 && count <= 6 ? never : undefined));
    const transfer = it.make({ maxConcurrency: 4 });
    const stop = new AbortController();
    const running = outcome(transfer.run({ signal: stop.signal }));
    await it.clock.until(() => transfer.progress.confirmed === 2000);
    stop.abort(new Error("enough"));
    expect(await running).toMatchObject({ message: "enough" });
    expect(transfer.progress).toMatchObject({ state: "paused", confirmed: 2000, inFlight: 0 });
    await transfer.run();
    await expectArrived(it);
    expect(puts(it.calls).filter((number) => number <= 2)).toEqual([1, 2]);
  });

  test("can be paused and resumed at once", async () => {
    const it = scene(6000);
    const transfer = it.make();
    const running = transfer.run();
    transfer.pause();
    transfer.resume();
    await settle();
    transfer.pause();
    expect(transfer.run()).toBe(running);
    await running;
    await expectArrived(it);
  });

  test("is resumed by its id, and parts with receipts are not sent again", async () => {
    const it = scene(5000, ({ kind, count }) => (kind === "put" && count === 4 ? { fail: "no-space" } : undefined));
    const first = it.make({ maxConcurrency: 1 });
    expect(await outcome(first.run())).toMatchObject({ code: "no-space" });
    expect(first.progress.state).toBe("failed");
    const second = it.make({ resume: first.progress.id });
    await second.run();
    await expectArrived(it);
    expect(second.progress).toMatchObject({ partsSkipped: 3, bytesSent: 2000, confirmed: 5000 });
    expect(it.calls.some((call) => call.kind === "abort")).toBe(false);
  });

  test("each upload, new or resumed, is handed to its owner before its first byte, and waited for", async () => {
    const it = scene(2000);
    let remember: () => void = () => undefined;
    const remembered = new Promise<void>((resolve) => {
      remember = resolve;
    });
    const told: string[] = [];
    const onUpload = async ({ id }: { readonly id: string }): Promise<void> => {
      told.push(id);
      await remembered;
    };
    const transfer = it.make({ onUpload });
    const run = transfer.run();
    await settle();
    expect([told.length, puts(it.calls)]).toEqual([1, []]);
    remember();
    await run;
    expect(puts(it.calls)).toEqual([1, 2]);

    const again = await it.inner.create({ path: "a.bin", size: 2000, partSize });
    await it.make({ onUpload, resume: again.id }).run();
    expect(told).toEqual([told[0], again.id]);
  });

  test("an upload that its owner cannot remember is not used", async () => {
    const it = scene(2000);
    const onUpload = (): Promise<void> =>
      Promise.reject(new TransferError("no-space", "Cannot remember the upload: the disk is full"));
    await expect(it.make({ onUpload }).run()).rejects.toMatchObject({ code: "no-space" });
    expect(puts(it.calls)).toEqual([]);
  });

  test("can be run again after it failed", async () => {
    let full = true;
    const it = scene(5000, ({ kind, count }) =>
      full && kind === "put" && count > 2 ? { fail: "no-space" } : undefined,
    );
    const transfer = it.make({ maxConcurrency: 1 });
    expect(await outcome(transfer.run())).toMatchObject({ code: "no-space" });
    full = false;
    await transfer.run();
    await expectArrived(it);
    expect(transfer.progress.partsSkipped).toBe(2);
  });

  test("begins anew when its upload is gone, and says so", async () => {
    const it = scene(3000);
    const restarts: string[] = [];
    await it.make({ resume: "gone", onRestart: () => void restarts.push("again") }).run();
    expect(restarts.length).toBe(1);
    await expectArrived(it);
  });

  test("fails when its upload vanishes again and again", async () => {
    const it = scene(3000, ({ kind }) => (kind === "put" ? { fail: "not-found" } : undefined));
    expect(await outcome(it.make().run())).toMatchObject({ code: "not-found" });
    expect(it.calls.filter((call) => call.kind === "create").length).toBe(3);
  });

  test("backs off while the store is unavailable, and arrives", async () => {
    const it = scene(4000, ({ kind, count }) => (kind === "put" && count <= 12 ? { fail: "unavailable" } : undefined));
    const running = it.make().run();
    const took = await it.clock.until(() => it.seen.at(-1)?.state === "done");
    await running;
    await expectArrived(it);
    expect(took).toBeGreaterThan(500);
    expect(took).toBeLessThan(60_000);
  });

  test("waits as long as the store asks", async () => {
    const it = scene(500, ({ kind, count }) =>
      kind === "put" && count === 1 ? { fail: "throttled", retryAfterMs: 45_000 } : undefined,
    );
    const transfer = it.make();
    const running = transfer.run();
    await it.clock.advance(44_000);
    expect(transfer.progress.state).not.toBe("done");
    expect(await it.clock.until(() => transfer.progress.state === "done")).toBeLessThan(2000);
    await running;
  });

  test("is offline while nothing can be reached, and wakes up", async () => {
    let down = true;
    const it = scene(2000, ({ kind }) => (down && kind === "put" ? { fail: "unreachable" } : undefined));
    const transfer = it.make({ random: () => 1 });
    const running = transfer.run();
    await it.clock.advance(120_000);
    expect(transfer.progress).toMatchObject({ state: "offline", error: { code: "unreachable" } });
    down = false;
    transfer.wake();
    await settle();
    await running;
    await expectArrived(it);
    expect(transfer.progress.error).toBeUndefined();
  });

  test("asks for a new signature at once, once", async () => {
    const it = scene(500, ({ kind, count }) => (kind === "put" && count === 1 ? { fail: "expired" } : undefined));
    await it.make().run();
    expect(puts(it.calls)).toEqual([1, 1]);
  });

  test("sends a part again when its body was damaged on the way", async () => {
    const it = scene(2000, ({ kind, count }) => (kind === "put" && count === 1 ? { short: 1 } : undefined));
    const running = it.make().run();
    await it.clock.until(() => it.seen.at(-1)?.state === "done");
    await running;
    await expectArrived(it);
  });

  test("gives up on a source that never is what its digest says", async () => {
    const it = scene(500);
    const running = outcome(it.make({ digest: async () => ({ md5: "0".repeat(32), crc64: "0".repeat(16) }) }).run());
    await it.clock.until(() => it.seen.at(-1)?.state === "failed");
    expect(await running).toMatchObject({ code: "checksum-mismatch" });
  });

  test("the watchdog sends a silent part again", async () => {
    const it = scene(3000, ({ kind, count }) => (kind === "put" && count === 1 ? never : undefined));
    const running = it.make().run();
    const took = await it.clock.until(() => it.seen.at(-1)?.state === "done");
    await running;
    await expectArrived(it);
    expect(took).toBeGreaterThanOrEqual(20_000);
    expect(took).toBeLessThan(22_000);
  });

  test("after a cut, stalled parts are sent again as soon as a probe is answered", async () => {
    let cut = true;
    const it = scene(4000, ({ kind }) => (cut && kind === "put" ? never : undefined));
    const transfer = it.make({
      probe: ({ signal }) =>
        cut
          ? new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))
          : Promise.resolve(true),
    });
    const running = transfer.run();
    await it.clock.advance(15_000);
    expect(transfer.progress.state).toBe("offline");
    cut = false;
    expect(await it.clock.until(() => transfer.progress.confirmed > 0)).toBeLessThanOrEqual(3000);
    await running;
    await expectArrived(it);
  });

  test("after a cut a few parts travel at first, so that one is there soon", async () => {
    let cut = true;
    let under = 0;
    const line: Schedule = ({ kind }) => {
      if (kind !== "put") return undefined;
      under += 1;
      return never;
    };
    const it = scene(40_000, line);
    const transfer = it.make({
      maxConcurrency: 16,
      probe: () => (cut ? Promise.reject(new Error("cut")) : Promise.resolve(true)),
    });
    void transfer.run();
    await it.clock.until(() => under === 16);
    await it.clock.advance(15_000);
    under = 0;
    cut = false;
    await it.clock.advance(6000);
    // A quarter of what travelled, and one or two that are tried again.
    expect(under).toBeLessThanOrEqual(6);
    await transfer.cancel();
  });

  test("after a cut that resets connections, sleepers are woken by a probe", async () => {
    let cut = true;
    const it = scene(4000, ({ kind }) => (cut && kind === "put" ? { fail: "unreachable" } : undefined));
    const transfer = it.make({ random: () => 1, probe: async () => !cut });
    const running = transfer.run();
    await it.clock.advance(40_000);
    cut = false;
    expect(await it.clock.until(() => transfer.progress.confirmed > 0)).toBeLessThanOrEqual(3000);
    await running;
    await expectArrived(it);
  });

  test("parts that stall for long while the server answers are sent again", async () => {
    const it = scene(4000, ({ kind, count }) => (kind === "put" && count <= 4 ? never : undefined));
    const running = it.make({ probe: async () => true }).run();
    expect(await it.clock.until(() => it.seen.at(-1)?.state === "done")).toBeLessThan(13_000);
    await running;
  });

  test("cancel aborts the upload at the store", async () => {
    const it = scene(4000, ({ kind, count }) => (kind === "put" && count > 1 ? never : undefined));
    const transfer = it.make();
    const running = outcome(transfer.run());
    await it.clock.until(() => transfer.progress.confirmed > 0);
    const id = transfer.progress.id ?? "";
    await transfer.cancel();
    expect(await running).toMatchObject({ name: "AbortError" });
    expect(transfer.progress.state).toBe("cancelled");
    expect(await outcome(it.inner.resume(id))).toMatchObject({ code: "not-found" });
    await transfer.cancel();
  });

  test("a paused transfer can be cancelled", async () => {
    const it = scene(4000, ({ kind }) => (kind === "put" ? never : undefined));
    const transfer = it.make();
    const running = outcome(transfer.run());
    await it.clock.advance(1000);
    transfer.pause();
    await transfer.cancel();
    expect(await running).toMatchObject({ name: "AbortError" });
  });

  test("a fatal error stops everything and aborts nothing", async () => {
    const it = scene(8000, ({ kind, count }) =>
      kind === "put" ? (count === 3 ? { fail: "forbidden" } : count > 3 ? never : undefined) : undefined,
    );
    const transfer = it.make();
    expect(await outcome(transfer.run())).toMatchObject({ code: "forbidden" });
    expect(transfer.progress.inFlight).toBe(0);
    expect((await it.inner.resume(transfer.progress.id ?? "")).id).toBe(transfer.progress.id);
  });

  test("a file that cannot be read any more has changed", async () => {
    const it = scene(2000);
    const digest = (): Promise<never> => Promise.reject(new DOMException("gone", "NotReadableError"));
    expect(await outcome(it.make({ digest }).run())).toMatchObject({ code: "file-changed" });
  });

  test("a part that the store has lost is sent again before the file appears", async () => {
    const it = scene(3000, ({ kind, count }) =>
      kind === "complete" && count === 1 ? { fail: "incomplete" } : undefined,
    );
    await it.make().run();
    await expectArrived(it);
  });

  test("complete is asked again when its answer is lost", async () => {
    const it = scene(3000, ({ kind, count }) =>
      kind === "complete" && count <= 3 ? { fail: "unreachable" } : undefined,
    );
    const running = it.make().run();
    await it.clock.until(() => it.seen.at(-1)?.state === "done");
    await running;
    expect(puts(it.calls).length).toBe(3);
  });

  test("complete is asked again as soon as a probe is answered", async () => {
    let down = true;
    const it = scene(3000, ({ kind }) => (down && kind === "complete" ? { fail: "unreachable" } : undefined));
    const transfer = it.make({ random: () => 1, probe: async () => !down });
    const running = transfer.run();
    await it.clock.advance(70_000);
    expect(transfer.progress).toMatchObject({ state: "offline", confirmed: 3000 });
    down = false;
    expect(await it.clock.until(() => transfer.progress.state === "done")).toBeLessThanOrEqual(3000);
    await running;
  });

  test("a part whose receipt has no checksum is hashed before complete", async () => {
    const inner = memoryStore();
    const it = scene(2500, undefined, inner);
    const upload = await inner.create({ path: "a.bin", size: 2500, partSize });
    await upload.put({ number: 1, offset: 0, size: 1000 }, new Blob([it.bytes.subarray(0, 1000)]));
    const receipts = upload.receipts.bind(upload);
    upload.receipts = async () => (await receipts()).map(({ part, etag }) => ({ part, etag }));
    const given: number[] = [];
    const complete = upload.complete.bind(upload);
    upload.complete = async (options = {}) => {
      given.push(...(options.digests?.keys() ?? []));
      return complete(options);
    };
    await it.make({ resume: upload.id }).run();
    expect(given.toSorted()).toEqual([1, 2, 3]);
  });

  test("the parts that come next are prepared while others travel, each once and with its digest", async () => {
    const inner = memoryStore(new Map(), { md5 });
    const it = scene(8000, undefined, inner);
    const events: string[] = [];
    const create = inner.create.bind(inner);
    inner.create = async (...given) => {
      const upload = await create(...given);
      const put = upload.put.bind(upload);
      upload.prepare = ({ number, digest }) => {
        events.push(`prepare ${number} ${digest?.md5 === undefined ? "without" : "with"} digest`);
      };
      upload.put = (part, ...rest) => {
        events.push(`put ${part.number}`);
        return put(part, ...rest);
      };
      return upload;
    };
    await it.make({ maxConcurrency: 2 }).run();
    const at = (event: string): number => events.indexOf(event);
    for (const number of [4, 5, 6, 7, 8]) {
      expect(events.filter((event) => event === `prepare ${number} with digest`)).toHaveLength(1);
      expect(at(`prepare ${number} with digest`)).toBeLessThan(at(`put ${number}`));
    }
  });

  test("the first part is prepared while the upload is being remembered, and travels only afterwards", async () => {
    const inner = memoryStore(new Map(), { md5 });
    const it = scene(2000, undefined, inner);
    const events: string[] = [];
    const create = inner.create.bind(inner);
    inner.create = async (...given) => {
      const upload = await create(...given);
      const put = upload.put.bind(upload);
      upload.prepare = ({ number }) => void events.push(`prepare ${number}`);
      upload.put = (part, ...rest) => {
        events.push(`put ${part.number}`);
        return put(part, ...rest);
      };
      // The store takes longer than the first digest.
      await settle();
      return upload;
    };
    const onUpload = async (): Promise<void> => {
      events.push("remembering");
      await settle();
      events.push("remembered");
    };
    await it.make({ onUpload }).run();
    expect(events.slice(0, 4)).toEqual(["prepare 1", "remembering", "remembered", "put 1"]);
  });

  test("the first part is prepared as soon as its digest is known, though the upload is still being remembered", async () => {
    const inner = memoryStore(new Map(), { md5 });
    const it = scene(2000, undefined, inner);
    const prepared = Promise.withResolvers<number>();
    const hashing = Promise.withResolvers<void>();
    const create = inner.create.bind(inner);
    inner.create = async (...given) => {
      const upload = await create(...given);
      upload.prepare = ({ number }) => prepared.resolve(number);
      return upload;
    };
    const onUpload = async (): Promise<void> => {
      hashing.resolve();
      expect(await prepared.promise).toBe(1);
    };
    const digest: TransferOptions["digest"] = async (body) => {
      await hashing.promise;
      const read = await readBody({ number: 1, offset: 0, size: body.size }, body);
      return { md5: md5(read), crc64: crc64(read) };
    };
    await it.make({ onUpload, digest }).run();
    await expectArrived(it);
  });

  test("no more parts travel at first than a run is told to begin with", async () => {
    const it = scene(20_000, ({ kind }) => (kind === "put" ? never : undefined));
    const stop = new AbortController();
    const running = outcome(it.make({ initialConcurrency: 3 }).run({ signal: stop.signal }));
    await settle();
    expect(puts(it.calls)).toEqual([1, 2, 3]);
    stop.abort();
    await running;
  });

  test("progress is told every 100 ms at most, and at every change of state", async () => {
    const it = scene(50_000);
    await it.make().run();
    // Time stands still here: once for each state, once for the first byte at most.
    expect(it.seen.length).toBeLessThanOrEqual(6);
  });

  test("never sends more parts at once than the store bears", async () => {
    let now = 0;
    let most = 0;
    const inner = memoryStore(new Map(), { limits: { maxInFlight: 2 } });
    const create = inner.create.bind(inner);
    inner.create = async (...args) => {
      const upload = await create(...args);
      const put = upload.put.bind(upload);
      upload.put = async (...given) => {
        now += 1;
        most = Math.max(most, now);
        await settle();
        return put(...given).finally(() => {
          now -= 1;
        });
      };
      return upload;
    };
    const it = scene(20_000, undefined, inner);
    await it.make({ maxConcurrency: 8 }).run();
    expect(most).toBe(2);
  });

  test("a receipt that does not fit the plan proves nothing", async () => {
    const it = scene(2500);
    const upload = await it.inner.create({ path: "a.bin", size: 2500, partSize });
    upload.receipts = async () => [{ part: { number: 1, offset: 0, size: 999 }, etag: "x" }];
    const transfer = it.make({ resume: upload.id });
    await transfer.run();
    expect(puts(it.calls).toSorted()).toEqual([1, 2, 3]);
  });

  test("an upload of another size is not gone on with", async () => {
    const it = scene(2500);
    const upload = await it.inner.create({ path: "a.bin", size: 2400, partSize });
    expect(await outcome(it.make({ resume: upload.id }).run())).toBeInstanceOf(TransferError);
  });
});
