import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket } from "../../../../test/harness/bucket.ts";
import { httpsFront } from "../../../../test/harness/https-front.ts";
import { checkIds, examineStore } from "../../src/doctor/doctor.ts";
import { appOrigin, everybody, examined, ownerOf, storeOn } from "./examined-bucket.ts";

let bucket: Bucket;
beforeAll(async () => {
  bucket = await Bucket.make();
});
afterAll(() => bucket[Symbol.asyncDispose]());

const required = checkIds.filter((id) => !["tls", "checksums", "lifecycle", "leftovers"].includes(id));

describe("a bucket in which all is well", () => {
  test("has no failure once its CORS rules admit the page, and nothing is left in it", async () => {
    const store = storeOn(bucket);
    await store.setCors([appOrigin]);
    await store.close();
    const found = await examined(bucket, {}, { origins: [appOrigin] });
    expect(found.failures).toEqual([]);
    expect(found.report.checks.map(({ id }) => id)).toEqual(expect.arrayContaining(required));
    for (const { status, fix } of found.report.checks) expect(fix !== "").toBe(status !== "ok");
    expect(found.message("md5")).toContain("BadDigest");
    expect(found.message("signed-length")).toContain("403");
    // What Ceph 16 is known for.
    expect(found.status("signed-headers")).toBe("warning");
    expect(found.fix("signed-headers")).toContain("proxy_set_header x-amz-copy-source");
    expect(found.message("conditional-write")).toMatch(/If-None-Match is ignored on Complete/);
    expect(found.message("rights")).toMatch(/wider than needed: .* other buckets/);
    expect(found.message("names")).toContain("Korean (NFD), //, /./, final ., final space, 1,024 bytes");
    expect(await bucket.keys()).toEqual([]);
    expect(await bucket.unfinished()).toBe(0);
  });

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

describe("without", () => {
  test("CORS rules the command that sets them is told, with exactly what the page needs", async () => {
    await using bare = await Bucket.make();
    const found = await examined(bare, {}, { origins: [appOrigin], only: ["cors", "lifecycle"] });
    expect(found.failures).toEqual(["cors"]);
    const json = /--cors-configuration '(.*)'/.exec(found.fix("cors"))?.[1] ?? "";
    expect(JSON.parse(json).CORSRules[0]).toMatchObject({
      AllowedOrigins: [appOrigin],
      AllowedMethods: ["PUT", "GET", "HEAD"],
      ExposeHeaders: expect.arrayContaining(["ETag", "Content-Range"]),
    });
    expect(found.status("lifecycle")).toBe("warning");
  });

  test("CORS rules it is mended only while nobody else has written some", async () => {
    await using bare = await Bucket.make();
    const store = storeOn(bare);
    const { signal } = new AbortController();
    const { lines } = await examineStore(store, { origins: [appOrigin], uploadDays: 7, only: ["cors"], signal });
    const [{ repair } = {}] = lines;
    await bare.setCors(
      "<CORSConfiguration><CORSRule><ID>theirs</ID><AllowedOrigin>https://other.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
    );
    await expect(repair?.apply(signal)).rejects.toThrow("others have changed them meanwhile");
    expect(await bare.cors()).toContain("theirs");
    await store.close();
  });

  test("an origin nothing is asked for it", async () => {
    const found = await examined(bucket, {}, { only: ["cors"] });
    expect(found.status("cors")).toBe("warning");
    expect(found.fix("cors")).toContain("--origin");
  });
});

describe("a key", () => {
  test.each([
    ["that nobody knows", { accessKeyId: "nobody", secretAccessKey: "wrong-secret-word" }, "InvalidAccessKeyId"],
    ["with another secret", { accessKeyId: "", secretAccessKey: "wrong-secret-word" }, "SignatureDoesNotMatch"],
  ])("%s stops the examination, and is not shown", async (_, wrong, code) => {
    const keys = { ...wrong, accessKeyId: wrong.accessKeyId || bucket.place.accessKey };
    const found = await examined(bucket, { credentials: async () => keys });
    expect(found.failures).toEqual(["rights"]);
    expect(found.message("rights")).toContain(code);
    expect(found.message("multipart")).toBe("not examined, because of rights");
    expect(JSON.stringify(found.report)).not.toMatch(/wrong-secret-word/);
    expect(JSON.stringify(found.report)).not.toContain(bucket.place.accessKey);
  });

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

describe("what is not there", () => {
  test("is a bucket of that name", async () => {
    const found = await examined(bucket, { bucket: "no-such-bucket-of-naru" });
    expect(found.failures).toEqual(["reachability"]);
    expect(found.message("reachability")).toContain('no bucket "no-such-bucket-of-naru"');
    expect(found.report.checks.map(({ id }) => id)).toEqual(expect.arrayContaining(required));
  });

  test("is a store at that port, or a host of that name", async () => {
    const dead = await examined(bucket, { endpoint: "http://127.0.0.1:9" });
    expect(dead.failures).toEqual(["reachability"]);
    expect(dead.message("reachability")).toContain("ECONNREFUSED");
    const nowhere = await examined(bucket, { endpoint: "http://store.invalid" });
    expect(nowhere.message("reachability")).toContain('"store.invalid" cannot be resolved');
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

test("a certificate that has expired is told with its day", async () => {
  const folder = await mkdtemp(join(tmpdir(), "naru-doctor-"));
  await using front = await httpsFront(bucket.place.endpoint, { folder, days: -1 });
  const found = await examined(bucket, { endpoint: front.origin });
  expect(found.failures).toEqual(["reachability", "tls"]);
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  expect(found.message("tls")).toContain(`CERT_HAS_EXPIRED; the certificate expires on ${yesterday}`);
  await rm(folder, { recursive: true });
});
