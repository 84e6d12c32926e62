import { expect, test } from "vitest";
import { type Part, Transfer, wrapStore } from "../src/index.ts";
import { memoryStore, pattern } from "../testing/index.ts";
import { bytesSource, ManualClock, settle } from "./manual-clock.ts";

const partSize = 1000;
const size = 10 * partSize;

/** A transfer over connections that die at a moment: what is put on them from then on never ends. */
function overDeadConnections() {
  const clock = new ManualClock();
  const inner = memoryStore();
  const puts: number[] = [];
  const created: string[] = [];
  let isDead = false;
  const gaveUp: number[] = [];
  const hang = (part: Part, signal: AbortSignal | undefined): Promise<never> =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => {
        gaveUp.push(part.number);
        reject(signal.reason);
      });
    });
  const store = wrapStore(inner, {
    upload: (upload) => {
      created.push(upload.id);
      return {
        put: (part, body, options = {}) => {
          puts.push(part.number);
          return isDead ? hang(part, options.signal) : upload.put(part, body, options);
        },
      };
    },
  });
  const states: string[] = [];
  const transfer = new Transfer(
    bytesSource(pattern(size)),
    store,
    { path: "a.bin", partSize },
    { clock, random: () => 0.5, maxConcurrency: 2, onProgress: ({ state }) => void states.push(state) },
  );
  return {
    clock,
    inner,
    puts,
    created,
    gaveUp,
    states,
    transfer,
    setDead: (dead: boolean) => {
      isDead = dead;
    },
  };
}

test("after a sleep what was on dead connections is sent again at once, and no part that has a receipt", async () => {
  const it = overDeadConnections();
  it.setDead(true);
  const running = it.transfer.run();
  await settle();
  const stuck = [...it.puts];
  expect(stuck).toEqual([1, 2]);
  it.setDead(false);
  // No time passes: neither the limit of silence nor a probe can have done it.
  it.transfer.wake({ reconnect: true });
  await running;
  expect(it.clock.now()).toBe(0);
  expect(it.gaveUp).toEqual(stuck);
  expect(it.puts.toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(it.created).toHaveLength(1);
  expect(await it.inner.stat("a.bin")).toMatchObject({ size });
});

test("without a sleep, being woken leaves what is under way alone", async () => {
  const it = overDeadConnections();
  it.setDead(true);
  const running = it.transfer.run();
  await settle();
  it.transfer.wake();
  await settle();
  expect(it.gaveUp).toEqual([]);
  await it.transfer.cancel();
  await expect(running).rejects.toThrow("cancelled");
});

test("a paused transfer sleeps on, and goes when it is resumed", async () => {
  const it = overDeadConnections();
  const running = it.transfer.run();
  it.transfer.pause();
  it.transfer.wake({ reconnect: true });
  await settle();
  expect(it.puts).toEqual([]);
  expect(it.states.at(-1)).toBe("paused");
  it.transfer.resume();
  await running;
});
