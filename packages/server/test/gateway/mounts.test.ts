import { MiB } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { mountStores } from "../../src/catalogue/mounts.ts";
import { anew, bytesOf, fetchAll, goOn, listAll, openGateway, send, smallLimits } from "./opened-gateway.ts";

test("a file sent into a mount is kept over a kill, resumed, renamed into another store and listed where it is", async () => {
  const [root, bucket] = [memoryStore(), memoryStore(new Map(), { limits: smallLimits })];
  const store = mountStores([
    { prefix: "", store: root },
    { prefix: "bucket/", store: bucket },
  ]);
  await using gate = openGateway(store);
  const bytes = bytesOf(7 * MiB + 12_345);
  const dying = await gate.session.openWrite("/bucket/film.mov", anew);
  await send(dying, bytes.subarray(0, 5 * MiB));
  const parts = async () => (await gate.ledger.arrivals.find("ann", "bucket/film.mov"))?.durable;
  await expect.poll(parts).toBeGreaterThanOrEqual(4 * MiB);
  const later = gate.another().open("ann");
  const again = await later.openWrite("/bucket/film.mov", goOn);
  expect(again.size).toBeGreaterThanOrEqual(4 * MiB);
  await send(again, bytes, { from: again.size });
  await again.finish();
  expect((await fetchAll(bucket, "film.mov")).equals(bytes)).toBe(true);
  expect((await root.list()).files).toEqual([]);
  expect((await listAll(later, "/")).map(({ path, kind }) => [path, kind])).toEqual([["/bucket", "folder"]]);

  await later.move("/bucket/film.mov", "/film.mov");
  expect((await fetchAll(root, "film.mov")).equals(bytes)).toBe(true);
  expect(await bucket.stat("film.mov")).toBeUndefined();
  expect((await listAll(later, "/bucket")).length).toBe(0);
});
