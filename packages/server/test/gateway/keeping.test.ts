import { createHash } from "node:crypto";
import { type Limits, MiB, orAborted } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import { WholeFiles } from "../../src/uploads/whole-files.ts";
import { anew, bytesOf, fetchAll, goOn, openGateway, places, send, smallLimits } from "./opened-gateway.ts";

for (const [name, open] of Object.entries(places)) {
  describe(`what is kept over ${name}`, () => {
    test("after a kill the parts are there, and the client goes on from where they end", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(20 * MiB + 300_000);
      const dying = await gate.session.openWrite("/x.bin", anew);
      await send(dying, bytes.subarray(0, 18 * MiB + 12_345));
      const parts = async () => (await gate.ledger.arrivals.find("ann", "x.bin"))?.durable;
      await expect.poll(parts).toBeGreaterThanOrEqual(16 * MiB);
      // Nothing of the first process is called again: it is as good as killed.
      const later = gate.another().open("ann");
      const told = (await later.stat("/x.bin"))?.size ?? 0;
      expect(told).toBe(await parts());
      const again = await later.openWrite("/x.bin", goOn);
      await send(again, bytes, { from: again.size });
      await again.finish();
      expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
    });

    test("a newcomer of the same owner takes over at once; the former one is told", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(3 * MiB);
      const first = await gate.session.openWrite("/x.bin", anew);
      await send(first, bytes.subarray(0, 1_234_567));
      const other = gate.gateway.open("ann");
      gate.clock.now += 1_000;
      const told = (await other.stat("/x.bin"))?.size ?? 0;
      expect(told).toBe(1_234_567);
      const second = await other.openWrite("/x.bin", goOn);
      expect(second.size).toBe(told);
      await expect(first.write(told, bytes.subarray(told))).rejects.toMatchObject({ code: "superseded" });
      await first.suspend();
      await send(second, bytes, { from: told });
      await second.finish();
      expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
    });

    test("a file that is being replaced is not read by its owner, who is told the size of what came", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const old = await gate.session.openWrite("/x.bin", anew);
      await send(old, bytesOf(3 * MiB));
      await old.finish();
      const cut = await gate.session.openWrite("/x.bin", anew);
      await send(cut, bytesOf(2 * MiB));
      await cut.suspend();
      await expect(gate.session.openRead("/x.bin")).rejects.toMatchObject({ code: "conflict" });
    });

    test("a rename that is refused leaves the upload running", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(3 * MiB);
      const running = await gate.session.openWrite("/x.bin", anew);
      await send(running, bytes.subarray(0, 2 * MiB));
      const other = gate.gateway.open("ann");
      await expect(other.move("/x.bin", "/y.bin")).rejects.toMatchObject({ code: "conflict" });
      await send(running, bytes, { from: 2 * MiB });
      await running.finish();
      expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
    });

    test("a file that is renamed to a name is not hidden by what was kept under it", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const cut = await gate.session.openWrite("/x.bin", anew);
      await send(cut, bytesOf(3 * MiB));
      await cut.suspend();
      const bytes = bytesOf(MiB);
      const whole = await gate.session.openWrite("/x.bin.filepart", anew);
      await send(whole, bytes);
      await whole.finish();
      await gate.session.move("/x.bin.filepart", "/x.bin");
      expect(await gate.session.stat("/x.bin")).toMatchObject({ size: bytes.length, arriving: false });
      expect(await gate.ledger.arrivals.find("ann", "x.bin")).toBeUndefined();
    });

    test("a file that came over HTTP is not hidden by what was kept under its name", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const cut = await gate.session.openWrite("/x.bin", anew);
      await send(cut, bytesOf(3 * MiB));
      await cut.suspend();
      const bytes = bytesOf(MiB);
      const whole = new WholeFiles(gate.options);
      const body = (async function* () {
        yield bytes;
      })();
      await whole.write({ path: "x.bin", conflict: "overwrite" }, body, { by: { account: "ann", door: "http" } });
      await expect.poll(() => gate.session.stat("/x.bin")).toMatchObject({ size: bytes.length, arriving: false });
      expect(await gate.uploads.listMine("ann")).toEqual([]);
    });

    test("a newcomer may go on from less than came", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(20 * MiB);
      const first = await gate.session.openWrite("/x.bin", anew);
      await send(first, bytes.subarray(0, 19 * MiB + 1));
      const other = gate.gateway.open("ann");
      // Its bytes came only just now: what is told is what parts hold.
      const told = (await other.stat("/x.bin"))?.size ?? 0;
      expect(told).toBeLessThan(19 * MiB);
      const second = await other.openWrite("/x.bin", goOn);
      // What came since it was told is not in its way: it may be one that appends, and says no place.
      expect(second.size).toBe(told);
      await send(second, bytes, { from: told });
      await second.finish();
      expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
    });

    test("others see the old file, or none, until the new one is whole", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const old = await gate.session.openWrite("/x.bin", anew);
      await old.write(0, Buffer.from("old"));
      await old.finish();
      const fresh = await gate.session.openWrite("/x.bin", anew);
      await send(fresh, bytesOf(2 * MiB));
      await fresh.suspend();
      const bob = gate.gateway.open("bob");
      expect(await bob.stat("/x.bin")).toMatchObject({ size: 3, arriving: false });
      expect(await gate.session.stat("/x.bin")).toMatchObject({ size: 2 * MiB, arriving: true });
      await gate.session.remove("/x.bin");
      expect(await gate.session.stat("/x.bin")).toMatchObject({ size: 3, arriving: false });
    });

    test("truncating drops what an earlier attempt left", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const first = await gate.session.openWrite("/x.bin", anew);
      await send(first, bytesOf(2 * MiB));
      await first.suspend();
      const again = await gate.session.openWrite("/x.bin", anew);
      expect(again.size).toBe(0);
      await again.write(0, Buffer.from("new"));
      await again.finish();
      expect((await fetchAll(place.store, "x.bin")).toString()).toBe("new");
      expect(await gate.uploads.listMine("ann")).toEqual([]);
    });

    test("appending to a finished file goes on from its end", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(4 * MiB);
      const first = await gate.session.openWrite("/x.bin", anew);
      await send(first, bytes.subarray(0, 1_500_000));
      await first.finish();
      const more = await gate.session.openWrite("/x.bin", goOn);
      expect(more.size).toBe(1_500_000);
      await send(more, bytes, { from: 1_500_000 });
      await more.finish();
      expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
      const same = await gate.session.openWrite("/x.bin", goOn);
      expect((await same.finish()).size).toBe(bytes.length);
      const patched = await gate.session.openWrite("/x.bin", goOn);
      await patched.write(100, Buffer.from("patch"));
      await patched.finish();
      bytes.write("patch", 100);
      expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
    });

    test("x.filepart is x after its rename, with its digests and date, and nobody else sees it before", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(9 * MiB);
      const modified = new Date("2020-02-02T02:02:02Z");
      const arrival = await gate.session.openWrite("/d/x.filepart", anew);
      await send(arrival, bytes);
      expect((await arrival.finish()).size).toBe(bytes.length);
      expect(await gate.session.stat("/d/x.filepart")).toMatchObject({ size: bytes.length, arriving: false });
      expect(await gate.gateway.open("bob").stat("/d/x.filepart")).toBeUndefined();
      await gate.session.setModified("/d/x.filepart", modified);
      await gate.session.move("/d/x.filepart", "/d/x");
      expect(await gate.session.stat("/d/x")).toMatchObject({ size: bytes.length, modified, arriving: false });
      expect(await gate.session.stat("/d/x.filepart")).toBeUndefined();
      expect((await fetchAll(place.store, "d/x")).equals(bytes)).toBe(true);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      expect(await gate.session.digest("/d/x", { name: "sha256" })).toEqual([sha256]);
    });

    test("x.filepart that is never renamed appears as x.filepart, and what stood at x stays", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const old = await gate.session.openWrite("/x", anew);
      await old.write(0, Buffer.from("old"));
      await old.finish();
      const bytes = bytesOf(9 * MiB);
      const arrival = await gate.session.openWrite("/x.filepart", anew);
      await send(arrival, bytes);
      await arrival.finish();
      await gate.gateway.reap();
      expect(await place.store.stat("x.filepart")).toBeUndefined();
      gate.clock.now += 11 * 60_000;
      await gate.gateway.reap();
      expect((await fetchAll(place.store, "x.filepart")).equals(bytes)).toBe(true);
      expect((await fetchAll(place.store, "x")).toString()).toBe("old");
    });

    test("its owner sees it among the uploads, and aborting it there ends it here", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const arrival = await gate.session.openWrite("/x.bin", anew);
      await send(arrival, bytesOf(10 * MiB));
      await arrival.flush();
      const [mine] = await gate.uploads.listMine("ann");
      expect(mine).toMatchObject({ path: "x.bin", door: "sftp", sizeKnown: false, confirmed: 10 * MiB, direct: false });
      const id = mine?.id ?? "";
      await expect(gate.uploads.resume(id, { owner: "ann" })).rejects.toMatchObject({ code: "unsupported" });
      await expect(gate.uploads.expect(id, 1, { owner: "ann" })).rejects.toMatchObject({ code: "unsupported" });
      await gate.uploads.abort(id, { owner: "ann" });
      await expect(arrival.write(10 * MiB, bytesOf(10))).rejects.toMatchObject({ code: "not-found" });
      await arrival.suspend();
      expect(await gate.session.stat("/x.bin")).toBeUndefined();
    });

    test("what expires is gone at the store too, with its tail", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const arrival = await gate.session.openWrite("/x.bin", anew);
      await send(arrival, bytesOf(2 * MiB + 1234));
      await arrival.suspend();
      const record = await gate.ledger.arrivals.find("ann", "x.bin");
      gate.clock.now += 3_700_000;
      await gate.reaper.reap();
      expect(await gate.ledger.arrivals.find("ann", "x.bin")).toBeUndefined();
      await expect(place.store.resume(record?.store_id ?? "")).rejects.toMatchObject({ code: "not-found" });
      const { pieces } = JSON.parse(record?.tail ?? "") as { pieces: { path: string }[] };
      for (const { path } of pieces) expect(await place.store.stat(path)).toBeUndefined();
    });
  });
}

/** A store whose parts are put when `until` says so. */
function lateStore(until: (part: number) => Promise<unknown>, limits: Partial<Limits> = smallLimits) {
  const inner = memoryStore(new Map(), { limits });
  const putFile = inner.putFile?.bind(inner);
  if (putFile === undefined) throw new Error("The store takes no whole files");
  const store = Object.assign(Object.create(inner) as typeof inner, {
    limitsFor: (path: string) => inner.limitsFor(path),
    create: async (...args: Parameters<typeof inner.create>) => {
      const upload = await inner.create(...args);
      const put = upload.put.bind(upload);
      upload.put = async (part, body, options = {}) => {
        await orAborted(until(part.number), options);
        return put(part, body, options);
      };
      return upload;
    },
    resume: (id: string) => inner.resume(id),
    stat: (path: string) => inner.stat(path),
    putFile,
    read: (path: string) => inner.read(path),
    remove: (path: string) => inner.remove(path),
    list: (options: object) => inner.list(options),
  });
  return { inner, store };
}

test("what is written while a flush is on its way does not wait for it", async () => {
  const released = Promise.withResolvers<void>();
  const { inner, store } = lateStore(() => released.promise, { maxPartSize: 2 * MiB });
  await using gate = openGateway(store);
  const bytes = bytesOf(3 * MiB);
  const arrival = await gate.session.openWrite("/x.bin", anew);
  await arrival.write(0, bytes.subarray(0, 1.5 * MiB));
  let isFlushed = false;
  const flushed = arrival.flush().then(() => {
    isFlushed = true;
  });
  await arrival.write(1.5 * MiB, bytes.subarray(1.5 * MiB));
  expect(isFlushed).toBe(false);
  released.resolve();
  await flushed;
  await arrival.finish();
  expect((await fetchAll(inner, "x.bin")).equals(bytes)).toBe(true);
});

test("a store that does not answer holds nobody up: what it has is kept, and the newcomer goes on from there", async () => {
  const silent = { from: Number.POSITIVE_INFINITY };
  const { inner, store } = lateStore((part) => (part < silent.from ? Promise.resolve() : new Promise(() => undefined)));
  await using gate = openGateway(store, { hurry: 4 });
  const bytes = bytesOf(7 * MiB);
  const first = await gate.session.openWrite("/x.bin", anew);
  silent.from = 3;
  await send(first, bytes);
  const other = gate.gateway.open("ann");
  const second = await other.openWrite("/x.bin", goOn);
  expect(second.size).toBe(4 * MiB);
  silent.from = Number.POSITIVE_INFINITY;
  await send(second, bytes, { from: second.size });
  await second.finish();
  expect((await fetchAll(inner, "x.bin")).equals(bytes)).toBe(true);
});

test("a tail below what a part may be lies in a hidden file that no listing shows", async () => {
  const store = memoryStore(new Map(), { limits: { minPartSize: MiB } });
  await using gate = openGateway(store);
  const arrival = await gate.session.openWrite("/x.bin", anew);
  await send(arrival, bytesOf(1234));
  await arrival.suspend();
  const record = await gate.ledger.arrivals.find("ann", "x.bin");
  const { pieces } = JSON.parse(record?.tail ?? "") as { pieces: { path: string }[] };
  expect(pieces.length).toBe(1);
  expect(await store.stat(pieces[0]?.path ?? "")).toMatchObject({ size: 1234 });
  expect(await store.list()).toMatchObject({ files: [], folders: [] });
  await expect(gate.session.stat(`/${pieces[0]?.path}`)).rejects.toMatchObject({ code: "invalid" });
});

test("a file whose client left while it appeared has arrived, and has not failed too", async () => {
  const inner = memoryStore(new Map(), { limits: smallLimits });
  const create = inner.create.bind(inner);
  inner.create = async (...args) => {
    const upload = await create(...args);
    const complete = upload.complete.bind(upload);
    upload.complete = async (options) => {
      await complete(options);
      throw new DOMException("The client has left", "AbortError");
    };
    return upload;
  };
  await using gate = openGateway(inner);
  const arrival = await gate.session.openWrite("/x.bin", anew);
  await send(arrival, bytesOf(9 * MiB));
  await expect(arrival.finish()).rejects.toThrow("has left");
  await gate.session.remove("/x.bin");
  await gate.catalogue.settle();
  const kinds = (await gate.catalogue.events.since(0)).map(({ kind }) => kind);
  expect(kinds).toEqual(["begun", "arrived"]);
});
