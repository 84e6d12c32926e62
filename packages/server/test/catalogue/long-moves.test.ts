/** Large files that move from one store to another: without their client, across restarts, and no part twice. */

import { expect, test } from "vitest";
import { body, slowHouse, write } from "./slow-house.ts";

const by = { account: "ann", door: "http" };
const soon = { interval: 10, timeout: 60_000 };

test("a move that its process leaves half-way is resumed by the next one, and no part is copied twice", async () => {
  await using place = await slowHouse();
  const first = place.process();
  place.gate.open = 3;
  const client = new AbortController();
  const moving = first.for(by).move("a.bin", "cloud/b.bin", { conflict: "fail", signal: client.signal });
  await expect.poll(() => place.put.length, soon).toBe(3);
  client.abort(new Error("the client is gone"));
  await expect(moving).rejects.toThrow("the client is gone");
  expect(first.listMoves("ann")).toMatchObject([
    { from: "a.bin", to: "cloud/b.bin", entry: "file", size: body.length },
  ]);
  expect(first.listMoves("ben")).toEqual([]);
  await first.close();
  expect(await place.store.stat("cloud/b.bin")).toBeUndefined();
  place.gate.open = Number.POSITIVE_INFINITY;
  const next = place.process();
  await next.recover();
  await expect.poll(() => place.store.stat("a.bin"), soon).toBeUndefined();
  expect((await place.store.stat("cloud/b.bin"))?.size).toBe(body.length);
  expect(place.put.length).toBe(new Set(place.put).size);
  await expect.poll(() => next.listMoves(), soon).toEqual([]);
  await next.close();
});

test("a move that had copied all when its process ended only removes the original", async () => {
  await using place = await slowHouse();
  const first = place.process();
  place.gate.open = 1;
  first
    .for(by)
    .move("a.bin", "cloud/b.bin", { conflict: "fail" })
    .catch(() => undefined);
  await expect.poll(() => place.put.length, soon).toBe(1);
  await first.close();
  place.gate.open = Number.POSITIVE_INFINITY;
  await write(place.cloud, "b.bin");
  place.put.length = 0;
  const next = place.process();
  await next.recover();
  await expect.poll(() => place.store.stat("a.bin"), soon).toBeUndefined();
  expect(place.put).toEqual([]);
  await next.close();
});

test("a move that is cancelled leaves the file where it was, and no parts", async () => {
  await using place = await slowHouse();
  const catalogue = place.process();
  place.gate.open = 2;
  const moving = catalogue.for(by).move("a.bin", "cloud/b.bin", { conflict: "fail" });
  await expect.poll(() => place.put.length, soon).toBe(2);
  const [move] = catalogue.listMoves();
  expect(catalogue.cancelMove(move?.id ?? "")).toBe(true);
  await expect(moving).rejects.toThrow(/Cannot move "a\.bin" to "cloud\/b\.bin" whole: it was cancelled/);
  expect((await place.store.stat("a.bin"))?.size).toBe(body.length);
  expect(await place.store.stat("cloud/b.bin")).toBeUndefined();
  expect(catalogue.cancelMove(move?.id ?? "")).toBe(false);
  await catalogue.close();
  const next = place.process();
  await next.recover();
  expect(next.listMoves()).toEqual([]);
  await next.close();
});

test("a large file may replace another one across stores, which stays until then", async () => {
  await using place = await slowHouse();
  await write(place.cloud, "b.bin", new Uint8Array([1, 2, 3]));
  place.put.length = 0;
  const catalogue = place.process();
  const client = catalogue.for(by);
  await expect(client.move("a.bin", "cloud/b.bin", { conflict: "fail" })).rejects.toMatchObject({ code: "conflict" });
  place.gate.open = 2;
  const moving = client.move("a.bin", "cloud/b.bin", { conflict: "overwrite" });
  await expect.poll(() => place.put.length, soon).toBe(2);
  expect((await place.store.stat("cloud/b.bin"))?.size).toBe(3);
  place.gate.open = Number.POSITIVE_INFINITY;
  expect((await moving).size).toBe(body.length);
  expect(await place.store.stat("a.bin")).toBeUndefined();
  await catalogue.close();
});

test("a file that changed after its move was left half-way is copied anew, as it is now", async () => {
  await using place = await slowHouse();
  const first = place.process();
  place.gate.open = 3;
  first
    .for(by)
    .copy("a.bin", "cloud/b.bin", { conflict: "fail" })
    .catch(() => undefined);
  await expect.poll(() => place.put.length, soon).toBe(3);
  await first.close();
  const changed = body.slice();
  changed[7] = 9;
  const { crc64 } = await write(place.root, "a.bin", changed);
  place.gate.open = Number.POSITIVE_INFINITY;
  const next = place.process();
  await next.recover();
  await expect.poll(async () => (await place.store.stat("cloud/b.bin"))?.crc64, soon).toBe(crc64);
  await next.close();
});
