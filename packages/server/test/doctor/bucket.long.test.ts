import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket } from "../../../../test/harness/bucket.ts";
import { appOrigin, everybody, examined, ownerOf } from "./examined-bucket.ts";

let bucket: Bucket;
beforeAll(async () => {
  bucket = await Bucket.make();
});
afterAll(() => bucket[Symbol.asyncDispose]());

describe("a bucket in which all is well", () => {
  test("is examined below the prefix of the store", async () => {
    using owner = await ownerOf(bucket);
    await owner.put("beside", "x");
    const seen: string[] = [];
    const only = ["multipart", "listing", "names"] as const;
    const found = await examined(bucket, { prefix: "deep/inside/" }, { only, onLine: ({ id }) => seen.push(id) });
    expect(seen).toEqual(only);
    expect(found.failures).toEqual([]);
    expect(await bucket.keys()).toEqual(["beside"]);
  });
});

describe("a key", () => {
  test("that may not write, remove or list lacks these rights by name", async () => {
    await using other = await Bucket.make();
    using owner = await ownerOf(other);
    for (const right of ["s3:PutObject", "s3:DeleteObject", "s3:ListBucket"]) {
      await owner.policy(everybody(other, "Deny", right));
      const found = await examined(other);
      expect(found.failures).toEqual(["rights"]);
      expect(found.message("rights")).toContain(`lacks ${right}: the store answers 403`);
      expect(found.fix("rights")).toContain('"s3:AbortMultipartUpload"');
    }
    await owner.policy(everybody(other, "Allow", "s3:GetBucketPolicy"));
  });

  test("is not needed where everybody may read, which is a failure", async () => {
    await using open = await Bucket.make();
    using owner = await ownerOf(open);
    await owner.policy(everybody(open, "Allow", "s3:GetObject", "s3:ListBucket"));
    const found = await examined(open, {}, { only: ["rights"] });
    expect(found.failures).toEqual(["rights"]);
    expect(found.message("rights")).toContain("anybody can read, list here");
    expect(await open.keys()).toEqual([]);
  });
});

test("a clock that is wrong by an hour is a failure, and all else is examined nevertheless", async () => {
  const found = await examined(bucket, { now: () => Date.now() + 3_600_000 });
  expect(found.failures).toEqual(["clock"]);
  expect(found.message("clock")).toMatch(/^this machine's clock is (3599|360\d) s ahead of the store's$/);
  const late = await examined(bucket, { now: () => Date.now() - 300_000 }, { only: ["clock"] });
  expect(late.status("clock")).toBe("warning");
});

describe("an address for browsers", () => {
  test("that leads to the same bucket is fine", async () => {
    const found = await examined(bucket, { publicEndpoints: [bucket.place.endpoint] }, { only: ["public-endpoint"] });
    expect(found.message("public-endpoint")).toContain("the same object as at");
  });

  test("that is another host, or dead, is a failure", async () => {
    const other = createServer((_request, response) => response.end("welcome"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    for (const endpoint of [`http://127.0.0.1:${port}`, "http://127.0.0.1:9"]) {
      const found = await examined(bucket, { publicEndpoints: [endpoint] }, { only: ["public-endpoint"] });
      expect(found.failures).toEqual(["public-endpoint"]);
      expect(found.message("public-endpoint")).toContain(endpoint);
    }
    other.close();
    other.closeAllConnections();
    expect(await bucket.keys()).toEqual(["beside"]);
  });

  test("on this machine only is a warning for a page from elsewhere", async () => {
    const found = await examined(bucket, {}, { origins: [appOrigin], only: ["public-endpoint"] });
    expect(found.status("public-endpoint")).toBe("warning");
  });
});
