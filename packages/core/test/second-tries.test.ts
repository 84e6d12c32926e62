import { describe, expect, test } from "vitest";
import { type Progress, Transfer, TransferError, type Upload } from "../src/index.ts";
import { md5, memoryStore, pattern } from "../testing/index.ts";
import { bytesSource, ManualClock } from "./manual-clock.ts";

const parts = 8;
const partSize = 1000;
const steps = 10;

interface Put {
  readonly number: number;
  readonly fresh: boolean;
}

/** A line on which a step of a part takes as long as `stepMs` says. */
function onLine(
  stepMs: (put: Put) => number,
  { mayOverlap = true, isFar }: { readonly mayOverlap?: boolean; readonly isFar?: () => boolean } = {},
) {
  const clock = new ManualClock();
  const bytes = pattern(parts * partSize);
  const inner = memoryStore(new Map(), { md5 });
  const puts: Put[] = [];
  const ended: Put[] = [];
  const given: Put[] = [];
  /** Those under way when the file was completed. */
  const left: Put[] = [];
  const seen: Progress[] = [];
  const create = inner.create.bind(inner);
  inner.create = async (...args) => {
    const upload: Upload = await create(...args);
    const put = upload.put.bind(upload);
    const slowly: Upload["put"] = async (part, body, options = {}) => {
      const one = { number: part.number, fresh: options.fresh === true };
      puts.push(one);
      options.signal?.addEventListener("abort", () => given.push(one));
      for (let step = 1; step <= steps; step++) {
        await clock.sleep(stepMs(one), options);
        options.onProgress?.((part.size * step) / steps);
      }
      ended.push(one);
      return put(part, body, options);
    };
    const complete = upload.complete.bind(upload);
    const noted: Upload["complete"] = async (options) => {
      left.push(...puts.filter((one) => !ended.includes(one) && !given.includes(one)));
      return complete(options);
    };
    return Object.assign(upload, { mayOverlap, put: slowly, complete: noted });
  };
  const transfer = new Transfer(
    bytesSource(bytes),
    inner,
    { path: "a.bin", partSize },
    { clock, random: () => 0.5, maxConcurrency: 4, isFar, onProgress: (progress) => void seen.push(progress) },
  );
  const run = async (): Promise<number> => {
    const running = transfer.run();
    const took = await clock.until(() => seen.at(-1)?.state === "done");
    await running;
    return took;
  };
  const tries = (number: number): readonly Put[] => puts.filter((put) => put.number === number);
  return { inner, bytes, seen, ended, left, run, tries };
}

const isLast = ({ number, fresh }: Put): boolean => number === parts && !fresh;

describe("what is slow while the line has room", () => {
  test("is sent once more on a new connection, and whichever is there first counts", async () => {
    const it = onLine((put) => (isLast(put) ? 6000 : 200));
    expect(await it.run()).toBeLessThan(15_000);
    expect(it.tries(parts).map(({ fresh }) => fresh)).toEqual([false, true]);
    expect(it.ended.filter(({ number }) => number === parts)).toEqual([{ number: parts, fresh: true }]);
    expect(await it.inner.stat("a.bin")).toMatchObject({ size: it.bytes.length });
    for (const { confirmed, inFlight, size } of it.seen) expect(confirmed + inFlight).toBeLessThanOrEqual(size);
  });

  test("is ended before the file is completed, whichever try was there first: some stores take parts after that", async () => {
    const secondIsFirst = onLine((put) => (isLast(put) ? 6000 : 200));
    const firstIsFirst = onLine((put) => (isLast(put) ? 3000 : put.fresh ? 20_000 : 200));
    for (const it of [secondIsFirst, firstIsFirst]) {
      await it.run();
      expect(it.tries(parts).length).toBeGreaterThan(1);
      expect(it.left).toEqual([]);
    }
  });

  test("stays what counts when the second try fails", async () => {
    const it = onLine((put) => {
      if (put.fresh) throw new TransferError("unreachable", "Cannot open another connection");
      return isLast(put) ? 3000 : 200;
    });
    await it.run();
    expect(it.tries(parts).length).toBeGreaterThan(1);
    expect(it.ended.filter(({ number }) => number === parts)).toEqual([{ number: parts, fresh: false }]);
    expect(await it.inner.stat("a.bin")).toMatchObject({ size: it.bytes.length });
  });

  test("costs at most a quarter of the file once more", async () => {
    const it = onLine(({ number, fresh }) => (number > 1 && (fresh || number > 4) ? 20_000 : 200));
    await it.run();
    const all = Array.from({ length: parts }, (_, index) => it.tries(index + 1).length);
    expect(all.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(parts * 1.25);
  });

  test("is waited for where a part may not be on its way twice", async () => {
    const it = onLine((put) => (isLast(put) ? 3000 : 200), { mayOverlap: false });
    await it.run();
    expect(it.tries(parts)).toHaveLength(1);
  });

  test("is waited for where the store is near, and sent once more as soon as it is found to be far", async () => {
    const slow = (put: Put): number => (isLast(put) ? 3000 : 200);
    const near = onLine(slow, { isFar: () => false });
    await near.run();
    expect(near.tries(parts)).toHaveLength(1);
    let looks = 0;
    const found = onLine(slow, { isFar: () => ++looks > 8 });
    await found.run();
    expect(found.tries(parts).length).toBeGreaterThan(1);
  });
});

test("where the line is full, no part is sent twice, however long all take", async () => {
  const it = onLine(() => 240);
  await it.run();
  for (let number = 1; number <= parts; number++) expect(it.tries(number)).toEqual([{ number, fresh: false }]);
});
