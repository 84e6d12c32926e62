import fc from "fast-check";
import { expect, test } from "vitest";
import { crc64, Transfer } from "../src/index.ts";
import { type Fault, faults, md5, memoryStore, pattern, readBody } from "../testing/index.ts";
import { bytesSource, ManualClock } from "./manual-clock.ts";

const fault = fc.constantFrom<(Fault | undefined)[]>(
  undefined,
  undefined,
  undefined,
  { fail: "unavailable" },
  { fail: "unreachable" },
  { fail: "throttled", retryAfterMs: 3000 },
  { fail: "expired" },
  { fail: "internal" },
  { short: 1 },
  { stall: new Promise<void>(() => undefined) },
);

const luck = fc.record({
  size: fc.integer({ min: 0, max: 12_000 }),
  faults: fc.array(fault, { maxLength: 40 }),
  pauses: fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 4 }),
  jitter: fc.double({ min: 0, max: 0.99, noNaN: true }),
  probe: fc.boolean(),
});

test("whatever goes wrong for a while, a file arrives, and what is confirmed stays so", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(luck, async (given) => {
      const clock = new ManualClock();
      const inner = memoryStore(new Map(), { md5 });
      let turn = 0;
      const store = faults(inner, ({ kind }) => {
        if (kind === "abort") return undefined;
        turn += 1;
        return given.faults[turn - 1];
      });
      const bytes = pattern(given.size);
      let most = 0;
      const transfer = new Transfer(
        bytesSource(bytes),
        store,
        { path: "a.bin", partSize: 1000 },
        {
          clock,
          random: () => given.jitter,
          digest: async (body) => {
            const read = await readBody({ number: 1, offset: 0, size: body.size }, body);
            return { md5: md5(read), crc64: crc64(read) };
          },
          probe: given.probe ? async () => true : undefined,
          onProgress: ({ confirmed, inFlight }) => {
            expect(confirmed).toBeGreaterThanOrEqual(most);
            expect(confirmed + inFlight).toBeLessThanOrEqual(given.size);
            most = confirmed;
          },
        },
      );
      const running = transfer.run();
      let isOver = false;
      const over = running.finally(() => {
        isOver = true;
      });
      for (const ms of given.pauses) {
        await clock.advance(ms);
        transfer.pause();
        await clock.advance(ms);
        transfer.resume();
      }
      // A control call that stalls for ever is the store's fault; a client limits its calls. Here the owner pauses and goes on.
      while (!isOver) {
        await clock.advance(60_000);
        if (isOver) break;
        transfer.pause();
        transfer.resume();
      }
      await over;
      expect(await inner.stat("a.bin")).toMatchObject({ size: given.size, crc64: crc64(bytes) });
      expect(transfer.progress).toMatchObject({ state: "done", confirmed: given.size, inFlight: 0 });
    }),
    { numRuns: 60 },
  );
});
