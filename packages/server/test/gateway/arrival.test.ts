import { MiB } from "@naru/core";
import { faults, type MemoryFile, memoryStore } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import { anew, bytesOf, fetchAll, goOn, listAll, openGateway, places, send, smallLimits } from "./opened-gateway.ts";

for (const [name, open] of Object.entries(places)) {
  describe(`a gateway over ${name}`, () => {
    test("a file that is written and finished appears whole", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      for (const size of [0, 1, 700_000, 5 * MiB + 17]) {
        const bytes = bytesOf(size);
        const arrival = await gate.session.openWrite("/a/b.bin", anew);
        await send(arrival, bytes);
        expect((await arrival.finish()).size).toBe(size);
        expect((await fetchAll(place.store, "a/b.bin")).equals(bytes)).toBe(true);
        expect(await gate.session.stat("/a/b.bin")).toMatchObject({ kind: "file", size, arriving: false });
      }
    });

    test("what came before a suspend is kept, and another process goes on from there", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(5 * MiB + 300_000);
      const arrival = await gate.session.openWrite("/x.bin", anew);
      await send(arrival, bytes.subarray(0, 2_500_000));
      await arrival.suspend();
      await gate.gateway.close();
      const later = gate.another().open("ann");
      expect(await later.stat("/x.bin")).toMatchObject({ size: 2_500_000, arriving: true });
      expect(await listAll(later, "/")).toMatchObject([{ path: "/x.bin", size: 2_500_000, arriving: true }]);
      expect(await place.store.stat("x.bin")).toBeUndefined();
      const again = await later.openWrite("/x.bin", goOn);
      expect(again.size).toBe(2_500_000);
      await send(again, bytes, { from: 2_500_000 });
      await again.finish();
      expect((await fetchAll(place.store, "x.bin")).equals(bytes)).toBe(true);
      expect((await place.store.list()).files.map(({ path }) => path)).toEqual(["x.bin"]);
    });
  });
}

test("the last part is on its way while the store is asked what has the name", async () => {
  const files = new Map<string, MemoryFile>();
  const inner = memoryStore(files, { limits: smallLimits });
  const size = 3 * MiB + 17;
  const lastPart = Promise.withResolvers<void>();
  const { create } = faults(inner, ({ kind, part }) => {
    if (kind === "put" && part && part.offset + part.size === size) lastPart.resolve();
    return undefined;
  });
  let isClosing = false;
  const stat: typeof inner.stat = async (path, options) => {
    if (isClosing) await lastPart.promise;
    return inner.stat(path, options);
  };
  await using gate = openGateway(Object.assign(memoryStore(files, { limits: smallLimits }), { create, stat }));
  const bytes = bytesOf(size);
  const arrival = await gate.session.openWrite("/x.bin", anew);
  await send(arrival, bytes);
  isClosing = true;
  expect((await arrival.finish()).size).toBe(size);
  expect((await fetchAll(inner, "x.bin")).equals(bytes)).toBe(true);
});
