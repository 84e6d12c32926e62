import { type Files, type Store, TransferError } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { anew, bytesOf, fetchAll, openGateway, send } from "./opened-gateway.ts";

/** A store with a quota, as buckets have them. */
function quotaStore() {
  const inner = memoryStore();
  const quota = { bytes: 500_000 };
  let asked = 0;
  const store: Store & Files = {
    direct: inner.direct,
    limitsFor: (path) => inner.limitsFor(path),
    ...(inner.folders !== undefined && { folders: inner.folders }),
    create: (...args) => inner.create(...args),
    resume: (...args) => inner.resume(...args),
    stat: (...args) => inner.stat(...args),
    list: (...args) => inner.list(...args),
    read: (...args) => inner.read(...args),
    move: (...args) => inner.move(...args),
    remove: (...args) => inner.remove(...args),
    putFile: async (spec, body, options) => {
      asked += 1;
      if (body.size > quota.bytes) throw new TransferError("no-space", "Cannot write: the store answers QuotaExceeded");
      return (await inner.putFile?.(spec, body, options)) ?? Promise.reject(new Error("It takes no small files"));
    },
  };
  return { store, quota, asked: () => asked };
}

test("a store that refused a file is asked at the writes of the next ones, until it takes them again", async () => {
  const { store, quota } = quotaStore();
  await using gate = openGateway(store);
  const first = await gate.session.openWrite("/a", anew);
  await send(first, bytesOf(800_000));
  await expect(first.finish()).rejects.toMatchObject({ code: "no-space" });
  await first.suspend();

  const second = await gate.session.openWrite("/b", anew);
  await expect(send(second, bytesOf(800_000))).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringMatching(/^Cannot write "\/b": the store refuses \d+ bytes$/),
  });
  await second.suspend();
  const small = bytesOf(400_000);
  const third = await gate.session.openWrite("/c", anew);
  await send(third, small);
  await third.finish();
  expect((await fetchAll(store, "c")).equals(small)).toBe(true);

  quota.bytes = 1_000_000;
  const large = bytesOf(800_000);
  const fourth = await gate.session.openWrite("/d", anew);
  await send(fourth, large);
  await fourth.finish();
  expect((await fetchAll(store, "d")).equals(large)).toBe(true);
});

test("a store that refuses nothing is not asked", async () => {
  const { store, asked } = quotaStore();
  await using gate = openGateway(store);
  const arrival = await gate.session.openWrite("/a", anew);
  await send(arrival, bytesOf(400_000), { piece: 10_000 });
  await arrival.finish();
  expect(asked()).toBe(1);
});

test("a store that knows its room refuses at the write, also the first file that finds it full", async () => {
  const inner = memoryStore();
  const disk = { free: 100_000 };
  const store = Object.assign(inner, { space: async () => ({ total: 1_000_000, free: disk.free }) });
  await using gate = openGateway(store);
  const first = await gate.session.openWrite("/a", anew);
  await expect(send(first, bytesOf(200_000), { piece: 30_000 })).rejects.toMatchObject({
    code: "no-space",
    message: 'Cannot write "/a": the disk has 100000 bytes left',
  });
  await first.suspend();
  disk.free = 300_000;
  const bytes = bytesOf(200_000);
  const second = await gate.session.openWrite("/b", anew);
  await send(second, bytes);
  await second.finish();
  expect((await fetchAll(store, "b")).equals(bytes)).toBe(true);
});

test("a store that refuses to remove what it was asked with is not taken for one that refuses files", async () => {
  const { store, quota } = quotaStore();
  await using gate = openGateway(store);
  const first = await gate.session.openWrite("/a", anew);
  await send(first, bytesOf(800_000));
  await expect(first.finish()).rejects.toMatchObject({ code: "no-space" });
  await first.suspend();
  quota.bytes = 1_000_000;
  store.remove = async (path) => {
    throw new TransferError("forbidden", `Cannot remove "${path}": no leave`);
  };
  const bytes = bytesOf(800_000);
  const second = await gate.session.openWrite("/b", anew);
  await send(second, bytes);
  await second.finish();
  expect((await fetchAll(store, "b")).equals(bytes)).toBe(true);
});
