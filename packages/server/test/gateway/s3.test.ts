import { MiB } from "@naru/core";
import { expect, test } from "vitest";
import { openS3 } from "../stores/opened-bucket.ts";
import { anew, bytesOf, fetchAll, goOn, listAll, openGateway, send } from "./opened-gateway.ts";

test("a file of several parts is whole in the bucket, and its digests are told without reading it", async () => {
  await using place = await openS3();
  await using gate = openGateway(place.store);
  const bytes = bytesOf(21 * MiB + 77);
  const arrival = await gate.session.openWrite("/한글/a%20b.bin", anew);
  await send(arrival, bytes);
  await arrival.finish();
  expect((await fetchAll(place.store, "한글/a%20b.bin")).equals(bytes)).toBe(true);
  // Of many parts only the SHA-256 is taken.
  expect(await gate.session.checksum("/한글/a%20b.bin", "md5")).toBeUndefined();
  expect(await gate.session.checksum("/한글/a%20b.bin", "crc64")).toMatch(/^[0-9a-f]{16}$/);
});

test("the tail below 5 MiB survives the process, and nothing of it is shown or left", async () => {
  await using place = await openS3();
  await using gate = openGateway(place.store);
  const bytes = bytesOf(14 * MiB + 321);
  const first = await gate.session.openWrite("/x.bin", anew);
  await send(first, bytes.subarray(0, 9 * MiB + 55));
  await first.suspend();
  await gate.gateway.close();
  const other = await place.reopen();
  await using later = openGateway(other, { db: gate.db });
  expect(await listAll(later.session, "/")).toMatchObject([{ path: "/x.bin", size: 9 * MiB + 55, arriving: true }]);
  expect((await place.store.list({ delimiter: "/" })).folders).toEqual([]);
  const again = await later.session.openWrite("/x.bin", goOn);
  expect(again.size).toBe(9 * MiB + 55);
  await send(again, bytes, { from: again.size });
  await again.finish();
  expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
  const page = await place.store.list({ prefix: ".naru/" });
  expect(page).toMatchObject({ files: [], folders: [] });
});

test("where the bucket wants equal parts, a file that was cut and appended to has them", async () => {
  await using place = await openS3({ limits: { equalParts: true, maxPartSize: 6 * MiB } });
  const sizes: number[][] = [];
  const store = {
    ...place.store,
    create: async (...call: Parameters<typeof place.store.create>) => {
      const upload = await place.store.create(...call);
      const complete = upload.complete.bind(upload);
      return Object.assign(upload, {
        complete: async (options?: object) => {
          sizes.push((await upload.receipts()).map(({ part }) => part.size));
          return complete(options);
        },
      });
    },
  };
  await using gate = openGateway(store);
  const bytes = bytesOf(22 * MiB + 9);
  const first = await gate.session.openWrite("/x.bin", anew);
  await send(first, bytes.subarray(0, 8 * MiB));
  await first.suspend();
  const second = await gate.session.openWrite("/x.bin", goOn);
  await send(second, bytes.subarray(0, 15 * MiB), { from: second.size });
  await second.finish();
  const third = await gate.session.openWrite("/x.bin", goOn);
  await send(third, bytes, { from: third.size });
  await third.finish();
  expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
  expect(sizes.at(-1)).toEqual([6 * MiB, 6 * MiB, 6 * MiB, 4 * MiB + 9]);
  for (const parts of sizes) expect(new Set(parts.slice(0, -1))).toEqual(new Set([6 * MiB]));
});

test("after a kill the parts are there", async () => {
  await using place = await openS3();
  await using gate = openGateway(place.store);
  const bytes = bytesOf(20 * MiB);
  const dying = await gate.session.openWrite("/x.bin", anew);
  await send(dying, bytes.subarray(0, 18 * MiB));
  const durable = async () => (await gate.ledger.arrivals.find("ann", "x.bin"))?.durable;
  await expect.poll(durable).toBe(16 * MiB);
  const later = gate.another().open("ann");
  expect((await later.stat("/x.bin"))?.size).toBe(16 * MiB);
  const again = await later.openWrite("/x.bin", goOn);
  await send(again, bytes, { from: again.size });
  await again.finish();
  expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
});

test("appending copies inside the store, and reads where Ceph cannot copy", async () => {
  await using place = await openS3();
  for (const name of ["plain.bin", "per%20cent.bin"]) {
    const read: string[] = [];
    const store = {
      ...place.store,
      read: (path: string, options?: object) => {
        read.push(path);
        return place.store.read(path, options);
      },
    };
    await using gate = openGateway(store);
    const bytes = bytesOf(13 * MiB);
    const first = await gate.session.openWrite(`/${name}`, anew);
    await send(first, bytes.subarray(0, 6 * MiB));
    await first.finish();
    const more = await gate.session.openWrite(`/${name}`, goOn);
    await send(more, bytes, { from: 6 * MiB });
    await more.finish();
    expect(read).toEqual(name === "plain.bin" ? [] : [name]);
    expect((await fetchAll(place.store, name)).equals(bytes)).toBe(true);
  }
});

test("x.filepart becomes x without a copy", async () => {
  await using place = await openS3();
  const moved: string[] = [];
  const store = {
    ...place.store,
    move: (from: string, to: string) => {
      moved.push(from);
      return place.store.move(from, to);
    },
  };
  await using gate = openGateway(store);
  const bytes = bytesOf(12 * MiB);
  const arrival = await gate.session.openWrite("/x.filepart", anew);
  await send(arrival, bytes);
  await arrival.finish();
  expect(await place.store.stat("x")).toBeUndefined();
  await gate.session.move("/x.filepart", "/x");
  expect((await fetchAll(place.store, "x")).equals(bytes)).toBe(true);
  expect(moved).toEqual([]);
});

test("a file keeps its owner's date in listings, which in a bucket know when it came, and after a rename", async () => {
  await using place = await openS3();
  await using gate = openGateway(place.store);
  const modified = new Date("2019-08-07T06:05:04Z");
  for (const size of [1000, 9 * MiB]) {
    const arrival = await gate.session.openWrite("/d/x.bin", anew);
    await send(arrival, bytesOf(size));
    arrival.setModified(modified);
    await arrival.finish();
    expect(await listAll(gate.session, "/d")).toMatchObject([{ path: "/d/x.bin", modified }]);
    await gate.session.move("/d/x.bin", "/d/y.bin");
    expect(await listAll(gate.session, "/d")).toMatchObject([{ path: "/d/y.bin", modified }]);
    await gate.session.remove("/d/y.bin");
  }
});

test("folders are markers that no listing takes for files", async () => {
  await using place = await openS3();
  await using gate = openGateway(place.store);
  await gate.session.makeFolder("/빈 폴더");
  await gate.session.makeFolder("/빈 폴더/in");
  expect(await listAll(gate.session, "/")).toMatchObject([{ path: "/빈 폴더", kind: "folder" }]);
  expect(await listAll(gate.session, "/빈 폴더")).toMatchObject([{ path: "/빈 폴더/in", kind: "folder" }]);
  expect(await listAll(gate.session, "/빈 폴더/in")).toEqual([]);
  expect((await place.store.list()).files).toEqual([]);
  await gate.session.move("/빈 폴더", "/full");
  expect(await listAll(gate.session, "/full")).toMatchObject([{ path: "/full/in" }]);
  await gate.session.removeFolder("/full/in");
  await gate.session.removeFolder("/full");
  expect(await listAll(gate.session, "/")).toEqual([]);
});

test("what expires leaves neither parts nor a tail in the bucket", async () => {
  await using place = await openS3();
  await using gate = openGateway(place.store);
  const arrival = await gate.session.openWrite("/x.bin", anew);
  await send(arrival, bytesOf(9 * MiB));
  await arrival.suspend();
  const record = await gate.ledger.arrivals.find("ann", "x.bin");
  const { pieces } = JSON.parse(record?.tail ?? "") as { pieces: { path: string }[] };
  expect(await place.store.stat(pieces[0]?.path ?? "")).toMatchObject({ size: MiB });
  gate.clock.now += 3_700_000;
  await gate.reaper.reap();
  await expect(place.store.resume(record?.store_id ?? "")).rejects.toMatchObject({ code: "not-found" });
  expect(await place.store.stat(pieces[0]?.path ?? "")).toBeUndefined();
});
