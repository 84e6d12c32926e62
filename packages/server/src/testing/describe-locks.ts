/**
 * The suite of `Locks`: every implementation calls it, with two of its own that share their keys as two processes would.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Locks, runUnderAll } from "../locks/locks.ts";

/** What the suite runs against; `there` is the same locks as another process sees them. */
export interface OpenedLocks {
  readonly here: Locks;
  readonly there: Locks;
  readonly [Symbol.asyncDispose]?: (() => Promise<void>) | undefined;
}

/** Ask locks everything that their contract promises. */
export function describeLocks(name: string, open: () => Promise<OpenedLocks> | OpenedLocks): void {
  describe(`${name} keeps the contract of locks`, () => {
    let opened: OpenedLocks | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]?.();
    });
    for (const [rule, keep] of Object.entries(rules)) {
      test(rule, async () => {
        if (opened === undefined) throw new Error("nothing was opened");
        await keep(opened, `rule ${crypto.randomUUID()}`);
      });
    }
  });
}

const rules: Readonly<Record<string, (locks: OpenedLocks, key: string) => Promise<void>>> = {
  "one at a time works under a key, wherever it was asked for": async ({ here, there }, key) => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await turnOfEvents();
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 ? here : there).run(key, work)));
    expect(most).toBe(1);
  },

  "the first to ask is the first to work": async ({ here }, key) => {
    const order: number[] = [];
    await Promise.all([1, 2, 3, 4].map((number) => here.run(key, async () => void order.push(number))));
    expect(order).toEqual([1, 2, 3, 4]);
  },

  "another key is not waited for": async ({ here, there }, key) => {
    const holder = await hold(here, key);
    await there.run(`${key} too`, async () => undefined);
    await holder.end();
  },

  "what the work returns is returned": async ({ here }, key) => {
    expect(await here.run(key, async () => "done")).toBe("done");
  },

  "what the work throws is thrown, and the key is free": async ({ here, there }, key) => {
    const failing = here.run(key, async () => {
      throw new Error("broken");
    });
    await expect(failing).rejects.toThrow("broken");
    expect(await there.run(key, async () => "free")).toBe("free");
  },

  "a holder learns when somebody waits, and not before": async ({ here, there }, key) => {
    const holder = await hold(here, key);
    expect(holder.wanted.aborted).toBe(false);
    const wanted = aborted(holder.wanted);
    const waiting = there.run(key, async () => undefined);
    await wanted;
    await holder.end();
    await waiting;
  },

  "a holder learns of those who already waited behind it": async ({ here, there }, key) => {
    const first = await hold(here, key);
    const second = hold(here, key);
    const third = there.run(key, async () => undefined);
    await first.end();
    await aborted((await second).wanted);
    await (await second).end();
    await third;
  },

  "a caller that stops waiting does not work, and blocks nobody": async ({ here, there }, key) => {
    const holder = await hold(here, key);
    const giveUp = new AbortController();
    let worked = false;
    const work = async (): Promise<void> => {
      worked = true;
    };
    const waiting = there.run(key, work, { signal: giveUp.signal });
    const behind = here.run(key, async () => "behind");
    giveUp.abort(new Error("no longer"));
    await expect(waiting).rejects.toThrow("no longer");
    await holder.end();
    expect(await behind).toBe("behind");
    expect(worked).toBe(false);
  },

  "a caller that gave up before asking does not work": async ({ here }, key) => {
    const asking = here.run(key, async () => "worked", { signal: AbortSignal.abort(new Error("too late")) });
    await expect(asking).rejects.toThrow("too late");
    expect(await here.run(key, async () => "free")).toBe("free");
  },

  "giving up while working ends nothing": async ({ here }, key) => {
    const giveUp = new AbortController();
    const working = here.run(
      key,
      async () => {
        giveUp.abort();
        await turnOfEvents();
        return "whole";
      },
      { signal: giveUp.signal },
    );
    expect(await working).toBe("whole");
  },

  "a key is any text": async ({ here, there }, key) => {
    for (const text of [`${key} 나루 \u{1f6a2}`, `${key}/${"x".repeat(3000)}`, `${key}\0a`]) {
      const holder = await hold(here, text);
      const wanted = aborted(holder.wanted);
      const waiting = there.run(text, async () => "next");
      await wanted;
      await holder.end();
      expect(await waiting).toBe("next");
    }
  },

  "those who need the same keys in other orders never deadlock": async ({ here, there }, key) => {
    const [a, b, c] = [`${key} a`, `${key} b`, `${key} c`];
    const ways = [
      [a, b, c],
      [c, b, a],
      [b, a, a],
    ];
    const all = ways.flatMap((keys) => [here, there].map((locks) => runUnderAll(locks, keys, turnOfEvents)));
    await Promise.all(all);
  },
};

interface Holder {
  readonly wanted: AbortSignal;
  /** Free the key, and wait until it is free. */
  end(): Promise<void>;
}

/** Take a key and hold it until the test says otherwise. */
function hold(locks: Locks, key: string): Promise<Holder> {
  return new Promise((resolve, reject) => {
    const running: Promise<void> = locks.run(key, ({ wanted }) => {
      return new Promise<void>((end) => {
        resolve({
          wanted,
          end: () => {
            end();
            return running;
          },
        });
      });
    });
    running.catch(reject);
  });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Let everything else that is due happen. */
function turnOfEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
