import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket } from "../../../../test/harness/bucket.ts";
import { httpsFront } from "../../../../test/harness/https-front.ts";
import { checkIds, examineStore } from "../../src/doctor/doctor.ts";
import { appOrigin, examined, storeOn } from "./examined-bucket.ts";

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

test("a certificate that has expired is told with its day", async () => {
  const folder = await mkdtemp(join(tmpdir(), "naru-doctor-"));
  await using front = await httpsFront(bucket.place.endpoint, { folder, days: -1 });
  const found = await examined(bucket, { endpoint: front.origin });
  expect(found.failures).toEqual(["reachability", "tls"]);
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  expect(found.message("tls")).toContain(`CERT_HAS_EXPIRED; the certificate expires on ${yesterday}`);
  await rm(folder, { recursive: true });
});
