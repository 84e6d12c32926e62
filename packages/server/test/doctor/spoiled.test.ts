/** A proxy in front of Ceph spoils one answer: that check alone says so. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { Bucket } from "../../../../test/harness/bucket.ts";
import { type Exchange, type Fault, layWire, type Wire } from "../../../../test/harness/wire.ts";
import { checkIds } from "../../src/doctor/doctor.ts";
import { appOrigin, examined, storeOn } from "./examined-bucket.ts";

let bucket: Bucket;
let wire: Wire;
beforeAll(async () => {
  bucket = await Bucket.make();
  wire = await layWire(bucket.place.endpoint);
  const store = storeOn(bucket);
  await store.setCors([appOrigin]);
  await store.close();
});
afterAll(async () => {
  await wire[Symbol.asyncDispose]();
  await bucket[Symbol.asyncDispose]();
});

type Spoil = (exchange: Exchange) => Fault | undefined;

const answered =
  (status: number, isMeant: (exchange: Exchange) => boolean): Spoil =>
  (exchange) =>
    isMeant(exchange) ? { kind: "answer", status, code: "Spoiled" } : undefined;
const endsWith =
  (method: string, end: string) =>
  (exchange: Exchange): boolean =>
    exchange.method === method && exchange.url.pathname.endsWith(end);

test.each<[string, string, Spoil, RegExp]>([
  [
    "takes parts with another MD5",
    "md5",
    answered(200, endsWith("PUT", "/md5")),
    /does not match its Content-MD5 is accepted/,
  ],
  [
    "takes parts that are too long",
    "signed-length",
    answered(200, endsWith("PUT", "/length")),
    /longer .* is accepted/,
  ],
  [
    "hides ETag from scripts",
    "cors",
    () => ({ kind: "hide-header", name: "access-control-expose-headers" }),
    /scripts cannot read ETag, Content-Range/,
  ],
  ["refuses preflights", "cors", answered(403, ({ method }) => method === "OPTIONS"), /PUT is refused \(403\)/],
  ["knows no ranges", "range", answered(200, endsWith("GET", "/range")), /bytes=2-4: 200/],
  ["has no multipart uploads", "multipart", answered(501, ({ url }) => url.searchParams.has("uploads")), /501 Spoiled/],
  [
    "loses names",
    "names",
    answered(200, ({ method, url }) => method === "PUT" && url.pathname.endsWith("/a%2Bb")),
    /changed, or not at all: \+/,
  ],
  [
    "lists nothing",
    "listing",
    answered(200, ({ url }) => url.searchParams.get("prefix")?.endsWith("/list/") ?? false),
    /not listed page by page/,
  ],
])("a store that %s", async (_, id, spoil, message) => {
  wire.fault = spoil;
  const only = checkIds.filter((one) => one === id);
  const found = await examined(bucket, { endpoint: wire.origin }, { origins: [appOrigin], only });
  wire.fault = () => undefined;
  expect(found.status(id)).toMatch(/failure|warning/);
  expect(found.message(id)).toMatch(message);
  expect(found.fix(id)).not.toBe("");
  expect(await bucket.keys()).toEqual([]);
  expect(await bucket.unfinished()).toBe(0);
});
