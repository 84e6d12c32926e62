import { createHash } from "node:crypto";
import { MiB, type Part } from "@naru/core";
import { afterEach, describe, expect, test } from "vitest";
import { silentLog } from "../../src/index.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { StoreClock } from "../../src/stores/s3/store-clock.ts";
import { httpDoor } from "../../src/testing/index.ts";
import { Client } from "../http/client.ts";
import { cephOptions } from "./opened-bucket.ts";

const minute = 60_000;
const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at & 255);
const whole: Part = { number: 1, offset: 0, size: bytes.length };
const digest = { md5: createHash("md5").update(bytes).digest("hex") };
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A bucket, with a file in it, seen from a machine whose clock is that far ahead. */
async function storeAhead(shiftMs: number) {
  const options = await cephOptions();
  const right = s3Store(options);
  await right.putFile?.({ path: "there.bin" }, new Blob([bytes]));
  await right.close();
  const shift = { ms: shiftMs };
  const store = s3Store({ ...options, now: () => Date.now() + shift.ms });
  closing.push(() => store.close());
  const skews: number[] = [];
  store.onClockSkew((skewMs) => void skews.push(Math.round(skewMs / minute)));
  return { store, skews, shift };
}

const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream).arrayBuffer());

describe.each([
  ["30 minutes ahead", 30 * minute],
  ["30 minutes behind", -30 * minute],
  ["a year ahead", 365 * 24 * 60 * minute],
])("a machine whose clock is %s", (_, shiftMs) => {
  const firstCalls: Readonly<Record<string, (store: ReturnType<typeof s3Store>) => Promise<unknown>>> = {
    "a look": async (store) => expect(await store.stat("there.bin")).toMatchObject({ size: 1000 }),
    "a listing": async (store) => expect((await store.list()).files).toHaveLength(1),
    "a read": async (store) => expect(await collect(await store.read("there.bin"))).toEqual(bytes),
    "a small file": async (store) => store.putFile?.({ path: "small.bin" }, new Blob([bytes])),
    "an upload": async (store) => (await store.create({ path: "u.bin", size: 1000 })).abort(),
    "CORS rules": async (store) => store.setCors(["https://naru.example"]),
  };
  test.each(Object.keys(firstCalls))("begins with %s, at the store's time", async (name) => {
    const { store, skews } = await storeAhead(shiftMs);
    await firstCalls[name]?.(store);
    expect(skews).toEqual([Math.round(-shiftMs / minute)]);
    expect(Math.abs(store.clockSkewMs() + shiftMs)).toBeLessThan(minute);
  });

  test("hands out parts and reads that are good now", async () => {
    const { store, skews } = await storeAhead(shiftMs);
    const upload = await store.create({ path: "direct.bin", size: bytes.length });
    const [part] = (await upload.presign?.([{ ...whole, digest }])) ?? [];
    if (part === undefined) throw new Error("Cannot presign");
    expect((await fetch(part.url, { method: "PUT", headers: part.headers, body: bytes })).status).toBe(200);
    expect(Math.abs(part.expires.getTime() - Date.now() - 60 * minute)).toBeLessThan(2 * minute);
    await upload.complete();
    const [read] = await store.presignRead("direct.bin");
    expect(new Uint8Array(await (await fetch(read?.url ?? "")).arrayBuffer())).toEqual(bytes);
    expect(skews).toHaveLength(1);
  });

  test("writes parts and copies", async () => {
    const { store } = await storeAhead(shiftMs);
    const upload = await store.create({ path: "own.bin", size: bytes.length, partSize: 5 * MiB });
    await upload.put(whole, new Blob([bytes]));
    await upload.complete();
    await store.move("own.bin", "moved.bin");
    expect(await collect(await store.read("moved.bin"))).toEqual(bytes);
  });
});

test("a part that is sent when the clock has jumped may be sent again, and then is taken", async () => {
  const { store, skews, shift } = await storeAhead(0);
  const upload = await store.create({ path: "jump.bin", size: bytes.length });
  expect(skews).toEqual([]);
  shift.ms = -180 * minute;
  await expect(upload.put(whole, new Blob([bytes]))).rejects.toMatchObject({ code: "expired", retryable: true });
  await upload.put(whole, new Blob([bytes]));
  await upload.complete();
  shift.ms = 0;
  await store.list();
  expect(skews).toEqual([180, 0]);
  expect(store.clockSkewMs()).toBe(0);
});

test("wrong keys are refused once, not tried again as if they were late", async () => {
  const wrong = async () => ({ accessKeyId: "nobody", secretAccessKey: "wrong" });
  const store = s3Store({ ...(await cephOptions()), credentials: wrong });
  closing.push(() => store.close());
  await expect(store.list()).rejects.toMatchObject({ code: "forbidden" });
  expect(store.clockSkewMs()).toBe(0);
});

test("the server says so: once in its log, and in /readyz while it is so", async () => {
  const { store, shift } = await storeAhead(30 * minute);
  const warnings: string[] = [];
  const warn = (_: unknown, message: unknown): number => warnings.push(String(message));
  const door = await httpDoor(store, { logger: Object.assign(silentLog(), { warn }) });
  closing.push(() => door.close());
  const anyone = new Client(door.origin, {});
  const ready = await anyone.call("GET", "/readyz");
  expect([ready.status, await ready.json()]).toEqual([200, { ok: true, clockSkewSeconds: expect.any(Number) }]);
  await store.list();
  expect(warnings).toEqual([expect.stringMatching(/clock is (1799|1800|1801) s ahead of the store's/)]);
  shift.ms = 0;
  await store.list();
  expect(await (await anyone.call("GET", "/readyz")).json()).toEqual({ ok: true });
  expect(warnings).toHaveLength(1);
});

describe("the store's time", () => {
  const at = Date.parse("2026-11-29T12:00:00Z");

  test("is not learned from an answer that took long, or that a cache kept", () => {
    let now = at;
    const clock = new StoreClock(() => now);
    const slow = clock.timing();
    now += 10 * minute;
    slow(new Date(at).toUTCString());
    clock.timing()(new Date(at - 60 * minute).toUTCString(), "3600");
    clock.timing()("no date");
    clock.timing()(undefined);
    expect(clock.skewMs).toBe(0);
    clock.timing()(new Date(now - 60 * minute).toUTCString());
    expect(clock.skewMs).toBe(-60 * minute);
  });

  test("is this machine's where they differ by seconds", () => {
    const clock = new StoreClock(() => at);
    clock.timing()(new Date(at + 59_000).toUTCString());
    expect(clock.now()).toBe(at);
  });
});
