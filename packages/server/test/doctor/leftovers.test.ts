/** What an examination writes is gone at its end, however it ends. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { Bucket } from "../../../../test/harness/bucket.ts";
import { layWire, type Wire } from "../../../../test/harness/wire.ts";
import { keepVersions } from "../stores/opened-bucket.ts";
import { examined, ownerOf } from "./examined-bucket.ts";

let bucket: Bucket;
let wire: Wire;
beforeAll(async () => {
  bucket = await Bucket.make();
  wire = await layWire(bucket.place.endpoint);
});
afterAll(async () => {
  await wire[Symbol.asyncDispose]();
  await bucket[Symbol.asyncDispose]();
});

test("an examination that is stopped in the middle removes what it has written, then ends with the signal's reason", async () => {
  const stop = new AbortController();
  wire.fault = ({ method, url }) => {
    if (method === "PUT" && url.pathname.endsWith("/md5")) stop.abort(new Error("stopped"));
    return undefined;
  };
  await expect(examined(bucket, { endpoint: wire.origin }, { signal: stop.signal })).rejects.toThrow("stopped");
  wire.fault = () => undefined;
  expect(await bucket.keys()).toEqual([]);
  expect(await bucket.unfinished()).toBe(0);
});

test("what a cut left is said, and removed by a later examination; what others put there is not", async () => {
  let isCut = false;
  wire.fault = ({ method, url }) => {
    isCut ||= method === "PUT" && url.pathname.endsWith("/md5");
    return isCut ? { kind: "reset", afterBytes: 0 } : undefined;
  };
  // Requests without a body are cut, too.
  const cutting = wire.until(() => isCut).then(() => wire.resetAll());
  const found = await examined(bucket, { endpoint: wire.origin }, { only: ["multipart", "md5"] });
  await cutting;
  expect(found.message("md5")).not.toBe("");
  wire.fault = () => undefined;
  using owner = await ownerOf(bucket);
  await owner.put(".naru/doctor-of-somebody/else", "x");
  await owner.put(".naru/doctor-of-somebody/examination.json", "{}");
  await examined(bucket, {}, { only: ["clock"], staleMs: 0 });
  expect(await bucket.keys()).toEqual([".naru/doctor-of-somebody/else", ".naru/doctor-of-somebody/examination.json"]);
  expect(await bucket.unfinished()).toBe(0);
});

test("a bucket that keeps versions keeps none of it", async () => {
  await using versioned = await Bucket.make();
  await keepVersions(versioned.name, versioned.place);
  const found = await examined(versioned, {}, { only: ["multipart", "conditional-write", "listing"] });
  // Ceph 16 heeds the condition only where no versions are kept.
  expect(found.message("conditional-write")).toMatch(/ignored on PutObject in this bucket, which keeps versions/);
  using owner = await ownerOf(versioned);
  expect(await owner.versions()).toBe(0);
});
