import { describe, expect, test } from "vitest";
import type { FetchJournal, FetchNote, FetchOptions, FetchProgress, RangeReader, Sink } from "../src/index.ts";
import { crc64, Fetch, TransferError } from "../src/index.ts";
import { describeSink, type MemoryDisk, md5, memoryDisk, memoryStore, pattern } from "../testing/index.ts";
import { filesReader } from "./files-reader.ts";
import { ManualClock, settle } from "./manual-clock.ts";

describeSink("memory", () => {
  const disk = memoryDisk();
  return { open: disk.open, read: async (name) => disk.files.get(name) };
});

const rangeSize = 1000;

/** One read, as a schedule sees it; `count` is how many came before it, plus one. */
interface Read {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** What is odd about a read: it fails at once, or after so many bytes it fails, ends or says no more, or it comes as one chunk. */
type Fault =
  | { readonly atOnce: true }
  | { readonly fail: TransferError }
  | { readonly damaged: true }
  | { readonly after: number; readonly ends: "cut" | "early" | "silence" | Promise<void> };

interface Scene {
  readonly clock: ManualClock;
  readonly disk: MemoryDisk;
  readonly journal: FetchJournal & { note: FetchNote | undefined };
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly reads: Read[];
  readonly seen: FetchProgress[];
  /** Put other bytes in the place of the file. */
  replace(seed: number): Promise<void>;
  make(options?: Partial<FetchOptions>, sink?: (inner: Sink) => Sink): Promise<Fetch>;
}

async function scene(size: number, schedule: (read: Read) => Fault | undefined = () => undefined): Promise<Scene> {
  const clock = new ManualClock();
  const disk = memoryDisk();
  const store = memoryStore(new Map(), { md5 });
  const write = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const upload = await store.create({ path: "a.bin", size });
    await upload.put({ number: 1, offset: 0, size }, new Blob([bytes]));
    await upload.complete();
  };
  const bytes = pattern(size);
  await write(bytes);
  const reads: Read[] = [];
  const seen: FetchProgress[] = [];
  const journal: Scene["journal"] = {
    note: undefined,
    load: async () => journal.note,
    save: async (note) => {
      journal.note = structuredClone(note);
    },
    forget: async () => {
      journal.note = undefined;
    },
  };
  const make: Scene["make"] = async (options = {}, wrap = (inner) => inner) => {
    const file = await store.stat("a.bin");
    if (file === undefined) throw new Error("there is no file");
    const inner = filesReader(store, file);
    const reader: RangeReader = {
      file,
      async read(range, o) {
        const read = { ...range, count: reads.length + 1 };
        reads.push(read);
        const fault = schedule(read);
        if (fault === undefined) return inner.read(range, o);
        if ("fail" in fault) throw fault.fail;
        const chunks = await inner.read(range, o);
        if ("atOnce" in fault) return joined(chunks);
        return "damaged" in fault ? damaged(chunks) : faulty(chunks, fault);
      },
    };
    return new Fetch(reader, wrap(disk.open("a.bin", size)), {
      clock,
      random: () => 0.5,
      rangeSize,
      journal,
      onProgress: (progress) => void seen.push(progress),
      ...options,
    });
  };
  return { clock, disk, journal, bytes, reads, seen, replace: (seed) => write(pattern(size, seed)), make };
}

async function* faulty(
  chunks: AsyncIterable<Uint8Array>,
  { after, ends }: Extract<Fault, { readonly after: number }>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = after;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) break;
  }
  if (ends === "early") return;
  if (ends === "cut") throw new TransferError("unreachable", "Cannot reach it: it is time to fail");
  await (ends === "silence" ? new Promise(() => undefined) : ends);
  throw new TransferError("unreachable", "Cannot reach it: it was silent");
}

async function* joined(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  yield Buffer.concat(all);
}

async function* damaged(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) yield chunk.map((byte, index) => (index === 7 ? byte ^ 1 : byte));
}

const failing = (code: TransferError["code"], retryAfterMs?: number): Fault => ({
  fail: new TransferError(code, "Cannot read: it is time to fail", { retryAfterMs }),
});

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "done",
    (error: unknown) => error,
  );
}

function expectWhole({ disk, bytes, journal }: Scene): void {
  const held = disk.files.get("a.bin");
  expect(held?.length).toBe(bytes.length);
  expect(held && crc64(held)).toBe(crc64(bytes));
  expect(journal.note).toBeUndefined();
}

const whole = (running: Promise<unknown>, { clock, seen }: Scene): Promise<number> => {
  running.catch(() => undefined);
  return clock.until(() => seen.at(-1)?.state === "done");
};

describe("a fetch", () => {
  test.each([0, 1, 999, 1000, 1001, 10_500])("of %i bytes is whole, each range read once", async (size) => {
    const it = await scene(size);
    const fetched = await (await it.make()).run();
    expectWhole(it);
    expect(fetched).toMatchObject({ crc64: crc64(it.bytes), compared: true, file: { path: "a.bin", size } });
    expect(it.reads.length).toBe(Math.ceil(size / rangeSize));
    expect(it.seen.at(-1)).toMatchObject({ state: "done", confirmed: size, inFlight: 0, bytesReceived: size });
    const states = size === 0 ? ["checking", "verifying", "done"] : ["checking", "downloading", "verifying", "done"];
    expect([...new Set(it.seen.map(({ state }) => state))]).toEqual(states);
  });

  test("after a cut in the middle of a range, only what had not come is read", async () => {
    const it = await scene(3000, ({ count }) => (count <= 3 ? { after: 400, ends: "cut" } : undefined));
    const fetch = await it.make();
    await whole(fetch.run(), it);
    expectWhole(it);
    expect(it.reads.slice(3).map(({ start }) => start % rangeSize)).toEqual([400, 400, 400]);
    expect(fetch.progress.bytesReceived).toBe(3000);
  });

  test("a line that is cut within every range still brings the file", async () => {
    const it = await scene(2000, () => ({ after: 60, ends: "cut" }));
    await whole((await it.make()).run(), it);
    expectWhole(it);
  });

  test("a body that ends early is asked for the rest", async () => {
    const it = await scene(2000, ({ count }) => (count === 1 ? { after: 300, ends: "early" } : undefined));
    await whole((await it.make()).run(), it);
    expectWhole(it);
  });

  test("a silent range is given up and read on from where it stood", async () => {
    const it = await scene(2000, ({ count }) => (count === 1 ? { after: 500, ends: "silence" } : undefined));
    expect(await whole((await it.make()).run(), it)).toBeLessThan(25_000);
    expectWhole(it);
    expect(it.reads.at(-1)).toMatchObject({ start: 500, end: 1000 });
  });

  test("after a cut, silent ranges are read again as soon as a probe is answered", async () => {
    let cut = true;
    const it = await scene(4000, () => (cut ? { after: 10, ends: "silence" } : undefined));
    const fetch = await it.make({ probe: async () => !cut });
    const running = fetch.run();
    await it.clock.advance(10_000);
    expect(fetch.progress.state).toBe("offline");
    cut = false;
    expect(await whole(running, it)).toBeLessThanOrEqual(5000);
    expectWhole(it);
  });

  test("is held to a speed, and nobody takes that for silence", async () => {
    const it = await scene(2000);
    const fetch = await it.make({ bytesPerSecond: () => 500 });
    const took = await whole(fetch.run(), it);
    expectWhole(it);
    expect(took).toBeGreaterThanOrEqual(3900);
    expect(took).toBeLessThan(4300);
    expect(it.reads.length).toBe(2);
  });

  test("at a low speed shows that it moves, however large the chunks are that come", async () => {
    const size = 1024 * 1024;
    const it = await scene(size, () => ({ atOnce: true }));
    const fetch = await it.make({ rangeSize: size, bytesPerSecond: () => size / 64 });
    expect(await whole(fetch.run(), it)).toBeLessThan(70_000);
    expectWhole(it);
    expect(it.reads.length).toBe(1);
    expect(new Set(it.seen.map(({ inFlight }) => inFlight)).size).toBeGreaterThan(10);
  });

  test("waits as long as the far side asks", async () => {
    const it = await scene(500, ({ count }) => (count === 1 ? failing("throttled", 45_000) : undefined));
    const fetch = await it.make();
    const running = fetch.run();
    await it.clock.advance(44_000);
    expect(fetch.progress.state).not.toBe("done");
    expect(await whole(running, it)).toBeLessThan(2000);
  });

  test("an address that has expired is asked for again at once", async () => {
    const it = await scene(500, ({ count }) => (count === 1 ? failing("expired") : undefined));
    await (await it.make()).run();
    expectWhole(it);
    expect(it.reads.length).toBe(2);
  });

  test("a file that changes while it is fetched ends it, and nothing has its name", async () => {
    const it = await scene(5000, ({ count }) => (count === 3 ? { after: 10, ends: gate.promise } : undefined));
    const gate = Promise.withResolvers<void>();
    const fetch = await it.make({ maxConcurrency: 1 });
    const running = outcome(fetch.run());
    await it.clock.until(() => fetch.progress.confirmed === 2000);
    await it.replace(7);
    gate.resolve();
    await it.clock.until(() => fetch.progress.state === "failed");
    expect(await running).toMatchObject({ code: "conflict" });
    expect(it.disk.files.size).toBe(0);
  });

  test("what was fetched of another state of the file is not used", async () => {
    const it = await scene(5000, ({ count }) => (count === 3 ? failing("forbidden") : undefined));
    expect(await outcome((await it.make({ maxConcurrency: 1 })).run())).toMatchObject({ code: "forbidden" });
    expect(it.journal.note?.ranges.length).toBe(2);
    await it.replace(7);
    const restarts: string[] = [];
    const fetch = await it.make({ onRestart: () => void restarts.push("again") });
    await fetch.run();
    expect(restarts.length).toBe(1);
    expect(fetch.progress.partsSkipped).toBe(0);
    expectWhole({ ...it, bytes: pattern(5000, 7) });
  });

  test("bytes that were damaged on their way are thrown away, and the next run brings the file", async () => {
    const it = await scene(3000, ({ count }) => (count === 2 ? { damaged: true } : undefined));
    const fetch = await it.make();
    expect(await outcome(fetch.run())).toMatchObject({ code: "checksum-mismatch" });
    expect(it.disk.files.size).toBe(0);
    expect(it.journal.note).toBeUndefined();
    const next = await it.make();
    await next.run();
    expectWhole(it);
    expect(next.progress.partsSkipped).toBe(0);
  });

  test("a full disk ends it, and what came before stays for the next run", async () => {
    const it = await scene(5000);
    let full = true;
    const filling = (inner: Sink): Sink => ({
      ...inner,
      write: async (offset, chunks) => {
        if (full && offset >= 2000) throw new TransferError("no-space", "Cannot write: the disk is full");
        return inner.write(offset, chunks);
      },
    });
    const fetch = await it.make({ maxConcurrency: 1 }, filling);
    expect(await outcome(fetch.run())).toMatchObject({ code: "no-space" });
    expect(fetch.progress).toMatchObject({ state: "failed", confirmed: 2000 });
    full = false;
    await fetch.run();
    expectWhole(it);
    expect(fetch.progress).toMatchObject({ partsSkipped: 2, bytesReceived: 3000 });
  });

  test("a disk that cannot keep what it took ends it", async () => {
    const it = await scene(5000);
    const broken = (inner: Sink): Sink => ({
      ...inner,
      sync: async () => {
        throw new TransferError("no-space", "Cannot sync: the disk is full");
      },
    });
    const fetch = await it.make({}, broken);
    expect(await outcome(fetch.run())).toMatchObject({ code: "no-space" });
    expect(fetch.progress.confirmed).toBe(0);
    expect(it.journal.note).toBeUndefined();
    expect(it.disk.files.size).toBe(0);
  });

  test("nothing is confirmed or noted before it is synced", async () => {
    const it = await scene(4000);
    const gate = Promise.withResolvers<void>();
    const slow = (inner: Sink): Sink => ({
      ...inner,
      sync: async () => {
        await gate.promise;
        await inner.sync();
      },
    });
    const fetch = await it.make({}, slow);
    const running = fetch.run();
    await settle();
    expect(fetch.progress).toMatchObject({ confirmed: 0, inFlight: 4000, bytesReceived: 4000 });
    expect(it.journal.note).toBeUndefined();
    gate.resolve();
    await running;
    expectWhole(it);
  });

  test("after a crash at any moment, the next run brings the file, and reads nothing that was confirmed", async () => {
    let killed = 0;
    for (let moment = 2; moment < 12; moment++) {
      const it = await scene(6000);
      let syncs = 0;
      const end = new AbortController();
      const dying = (inner: Sink): Sink => ({
        ...inner,
        write: async (offset, chunks) => {
          if (end.signal.aborted) return;
          await inner.write(offset, chunks);
        },
        sync: async () => {
          syncs += 1;
          if (syncs * 2 === moment) end.abort();
          if (end.signal.aborted) throw new Error("it is dead");
          await inner.sync();
          if (syncs * 2 + 1 === moment) end.abort();
        },
      });
      const first = await it.make({ maxConcurrency: 2 }, dying);
      if ((await outcome(first.run({ signal: end.signal }))) === "done") continue;
      killed += 1;
      const { confirmed } = first.progress;
      it.disk.crash();
      const next = await it.make();
      await next.run();
      expectWhole(it);
      expect(next.progress.bytesReceived).toBeLessThanOrEqual(6000 - confirmed);
    }
    expect(killed).toBeGreaterThan(3);
  });

  test("what a journal says is not believed of a sink that holds other bytes", async () => {
    const it = await scene(3000, ({ count }) => (count === 3 ? failing("forbidden") : undefined));
    expect(await outcome((await it.make({ maxConcurrency: 1 })).run())).toMatchObject({ code: "forbidden" });
    const sink = it.disk.open("a.bin", 3000);
    await sink.write(1500, [new Uint8Array(10)]);
    const next = await it.make();
    await next.run();
    expectWhole(it);
    expect(next.progress.partsSkipped).toBe(1);
  });

  test("what cannot be read as a note begins it anew", async () => {
    const it = await scene(3000);
    await (await it.make({ journal: { ...it.journal, load: async () => ({ etag: 1, ranges: "all" }) } })).run();
    expectWhole(it);
    expect(it.reads.length).toBe(3);
  });

  test("ranges keep the size that they began with", async () => {
    const it = await scene(5000, ({ count }) => (count === 3 ? failing("forbidden") : undefined));
    await outcome((await it.make({ maxConcurrency: 1 })).run());
    const next = await it.make({ rangeSize: 700 });
    await next.run();
    expectWhole(it);
    expect(next.progress).toMatchObject({ parts: 5, partsSkipped: 2, bytesReceived: 3000 });
  });

  test("can be paused and resumed", async () => {
    const gate = Promise.withResolvers<void>();
    const it = await scene(4000, ({ count }) => (count === 3 ? { after: 100, ends: gate.promise } : undefined));
    const fetch = await it.make({ maxConcurrency: 1 });
    const running = fetch.run();
    await it.clock.until(() => fetch.progress.confirmed === 2000);
    fetch.pause();
    await it.clock.advance(60_000);
    expect(fetch.progress).toMatchObject({ state: "paused", confirmed: 2000, inFlight: 0 });
    fetch.resume();
    await running;
    expectWhole(it);
    expect(it.reads.filter(({ start }) => start < 2000).length).toBe(2);
  });

  test("cancel throws away what has come", async () => {
    const it = await scene(4000, ({ count }) => (count > 2 ? { after: 10, ends: "silence" } : undefined));
    const fetch = await it.make({ maxConcurrency: 1 });
    const running = outcome(fetch.run());
    await it.clock.until(() => fetch.progress.confirmed === 2000);
    await fetch.cancel();
    expect(await running).toMatchObject({ name: "AbortError" });
    expect(it.journal.note).toBeUndefined();
    expect(it.disk.open("a.bin", 4000).fresh).toBe(true);
  });
});
