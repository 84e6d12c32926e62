import { expect, test } from "vitest";
import { type FailureCode, patientPolicy, type RetryPolicy, retrying, TransferError } from "../src/index.ts";

const few: RetryPolicy = { retries: 2, firstMs: 100, longestMs: 150, jitter: 0 };

interface Told {
  readonly calls: number;
  readonly waits: readonly number[];
  readonly end: unknown;
}

/** Make a call that fails with these codes, one after another, and then succeeds. */
async function calling(policy: RetryPolicy, fails: readonly (FailureCode | Error)[], retryAfterMs = 0): Promise<Told> {
  let calls = 0;
  const waits: number[] = [];
  const call = async (): Promise<string> => {
    const fail = fails[calls];
    calls += 1;
    if (fail === undefined) return "done";
    throw fail instanceof Error ? fail : new TransferError(fail, `Cannot call: ${fail}`, { retryAfterMs });
  };
  const wait = async (ms: number): Promise<void> => void waits.push(ms);
  const end = await retrying(call, policy, { random: () => 0.5, wait }).catch((error: unknown) => error);
  return { calls, waits, end };
}

test("what may pass is tried again as often as the policy says, and no more", async () => {
  expect(await calling(few, ["throttled", "unreachable"])).toEqual({ calls: 3, waits: [100, 150], end: "done" });
  const given = await calling(few, ["throttled", "unreachable", "unavailable"]);
  expect(given).toMatchObject({ calls: 3, end: { code: "unavailable" } });
});

test("a table counts failures by their code, and what it leaves out is thrown at once", async () => {
  const table: RetryPolicy = { ...few, retries: { unreachable: 1, throttled: 2 } };
  expect(await calling(table, ["unreachable", "throttled", "throttled"])).toMatchObject({ calls: 4, end: "done" });
  expect(await calling(table, ["unreachable", "unreachable"])).toMatchObject({
    calls: 2,
    end: { code: "unreachable" },
  });
  expect(await calling(table, ["unavailable"])).toMatchObject({ calls: 1, end: { code: "unavailable" } });
});

test("what cannot pass is not tried again, whatever the policy", async () => {
  expect(await calling(patientPolicy, ["forbidden"])).toMatchObject({ calls: 1, end: { code: "forbidden" } });
  const fault = await calling(patientPolicy, [new TypeError("x is not a function")]);
  expect(fault).toMatchObject({
    calls: 1,
    end: { code: "internal", message: expect.stringContaining("not a function") },
  });
});

test("what has expired is asked for again at once, but once", async () => {
  expect(await calling(few, ["expired"])).toEqual({ calls: 2, waits: [], end: "done" });
  expect(await calling(few, ["expired", "expired"])).toEqual({ calls: 3, waits: [100], end: "done" });
});

test("chance shortens a wait by no more than its share, and never below what the far side asks", async () => {
  const half = await calling({ ...few, jitter: 0.5 }, ["throttled"]);
  expect(half.waits).toEqual([75]);
  const asked = await calling(few, ["throttled"], 4000);
  expect(asked.waits).toEqual([4000]);
});

test("who waits may give up, and a signal ends the call and the wait", async () => {
  const busy = new TransferError("throttled", "Cannot call: busy");
  const failing = (): Promise<never> => Promise.reject(busy);
  const enough = { random: () => 0, wait: (_: number, error: Error): Promise<never> => Promise.reject(error) };
  await expect(retrying(failing, patientPolicy, enough)).rejects.toBe(busy);

  const stop = new AbortController();
  const never = (): Promise<never> => new Promise(() => undefined);
  const wait = (): Promise<void> => Promise.resolve();
  const waiting = retrying(never, patientPolicy, { signal: stop.signal, random: () => 0, wait });
  stop.abort(new DOMException("The call is stopped", "AbortError"));
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});
