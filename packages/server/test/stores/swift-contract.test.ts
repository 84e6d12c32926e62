import { describeFiles, describeStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layWire } from "../../../../test/harness/wire.ts";
import { type Swift, startSwift } from "../../../../test/peers/swift.ts";
import { swift as profile } from "../../src/stores/profiles/swift.ts";
import type { Recognised } from "../../src/stores/s3/s3-store.ts";
import { openS3 } from "./opened-bucket.ts";

let swift: Swift;

beforeAll(async () => {
  swift = await startSwift();
});

afterAll(() => swift?.[Symbol.asyncDispose]());

/** This Swift takes parts of any size, so that few bytes are sent. */
const limits = { minPartSize: 1 };
const open = () => openS3({ prefix: "in/", profile, limits }, swift);

describeStore("a bucket of Swift", open, {
  readPart: "S3 shows nothing of an upload before it completes",
  prepare: "it signs in a moment, by itself",
  space: "S3 has no call for it",
  "putFile under onlyNew": "Swift answers a conditional PUT with 501; Naru looks just before",
  "parts by the thousand": "it takes 1,000 of a file, which is one page",
});
describeFiles("a bucket of Swift", open);

test("a file of parts that may not replace one leaves what another program wrote meanwhile", async () => {
  await using bucket = await open();
  const upload = await bucket.store.create({ path: "new.bin", size: 3, partSize: 3 });
  await upload.put({ number: 1, offset: 0, size: 3 }, new Blob(["new"]));
  await bucket.plant("new.bin", new TextEncoder().encode("other"));
  await expect(upload.complete({ onlyNew: true })).rejects.toMatchObject({ code: "conflict" });
  expect(await bucket.store.stat("new.bin")).toMatchObject({ size: 5 });
  await bucket.store.remove("new.bin");
  expect(await upload.complete({ onlyNew: true })).toMatchObject({ size: 3 });
  // Its own file is no other's, when the answer was lost.
  expect(await upload.complete({ onlyNew: true })).toMatchObject({ size: 3 });
});

test("a part's address is good for minutes only: a part that comes late would spoil the file", async () => {
  await using bucket = await open();
  const upload = await bucket.store.create({ path: "late.bin", size: 3, partSize: 3 });
  const part = { number: 1, offset: 0, size: 3, digest: { md5: "0".repeat(32) } };
  const [signed] = (await upload.presign?.([part])) ?? [];
  const lifeMs = (signed?.expires.getTime() ?? Number.POSITIVE_INFINITY) - Date.now();
  expect(lifeMs).toBeLessThanOrEqual(900_000);
  await upload.abort();
});

test("it is recognised by two requests that need no key, with how many parts its operator allows", async () => {
  await using wire = await layWire(swift.endpoint);
  const found: Recognised[] = [];
  const recognition = { onRecognised: (one: Recognised): void => void found.push(one) };
  await using bucket = await openS3({ endpoint: wire.origin, recognition }, swift);
  await bucket.store.recognise();
  expect(wire.exchanges.map(({ url }) => url.pathname)).toEqual(["/", "/info"]);
  expect(found).toEqual([{ name: "swift", maxParts: 1000 }]);
  expect(bucket.store.limitsFor("")).toMatchObject({ maxParts: 1000 });
});
