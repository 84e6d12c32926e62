/** What is Google's own: its words, its signatures, and what they refuse. */

import { createHash, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { ceph } from "../../../../../test/peers/shared-ceph.ts";
import { serviceAccountKey } from "../../../src/stores/gcs/service-account.ts";
import { Signer } from "../../../src/stores/s3/signer.ts";
import { cephHmac, googleFront, keyFile, openGcs } from "./opened-gcs.ts";

const front = await googleFront();
const open = await openGcs(front.endpoint, { serviceAccount: keyFile });
const { store, files, plant } = open;
afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await front[Symbol.asyncDispose]();
});
beforeEach(() => {
  front.passed.length = 0;
  front.refused.length = 0;
});

const MiB = 1024 * 1024;
const bytes = (text: string) => new TextEncoder().encode(text);
const md5Of = (text: string) => createHash("md5").update(text).digest("hex");

async function signedPart(path: string, text: string) {
  const upload = await store.create({ path, size: text.length, partSize: 5 * MiB });
  const digest = { md5: md5Of(text), crc64: "" };
  const [signed] = (await upload.presign?.([{ number: 1, offset: 0, size: text.length, digest }])) ?? [];
  if (signed === undefined) throw new Error("Cannot sign a part");
  return { upload, ...signed };
}

test("parts are signed in their addresses, and what the server does itself in headers", async () => {
  const { upload, url, headers } = await signedPart("both.bin", "hello");
  expect((await fetch(url, { method: "PUT", headers, body: "hello" })).status).toBe(200);
  await upload.complete();
  const files = front.passed.filter(({ url }) => !url.includes("/.naru/uploads/"));
  const ways = files.map(({ method, signedIn }) => `${method} ${signedIn}`);
  expect(new Set(ways)).toEqual(new Set(["POST headers", "GET headers", "PUT query", "HEAD headers"]));
  expect(front.refused).toEqual([]);
});

describe("the address of a part", () => {
  test.each<[string, (url: string) => string, string, string]>([
    ["another part", (url) => url.replace("partNumber=1", "partNumber=2"), "hello", "SignatureDoesNotMatch"],
    ["another name", (url) => url.replace("only.bin", "other.bin"), "hello", "SignatureDoesNotMatch"],
    ["a longer life", (url) => url.replace("Expires=3720", "Expires=7200"), "hello", "SignatureDoesNotMatch"],
    ["another length", (url) => url, "hello!", "SignatureDoesNotMatch"],
  ])("is not good for %s", async (_what, changed, body, code) => {
    const { upload, url, headers } = await signedPart("only.bin", "hello");
    const answer = await fetch(changed(url), { method: "PUT", headers, body });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining(code)]);
    await upload.abort();
  });

  test("is not good for other bytes of the same length", async () => {
    const { upload, url, headers } = await signedPart("only.bin", "hello");
    expect((await fetch(url, { method: "PUT", headers, body: "world" })).status).toBe(400);
    const other = { ...headers, "content-md5": createHash("md5").update("world").digest("base64") };
    expect((await fetch(url, { method: "PUT", headers: other, body: "world" })).status).toBe(403);
    await upload.abort();
  });

  test("ends with its time", async () => {
    const keys = async () => serviceAccountKey(keyFile);
    const signer = new Signer({ bucket: open.bucket, style: "path", keys, now: () => Date.now() - 3_601_000 });
    const { url } = await signer.presign(new URL(front.endpoint), { method: "GET", key: "in/both.bin" });
    expect(await (await fetch(url)).text()).toContain("ExpiredToken");
  });
});

test("of a small file that may not replace one, Google compares the generation", async () => {
  await plant("small.txt", bytes("other"));
  const put = store.putFile?.({ path: "small.txt" }, new Blob(["new"]), { onlyNew: true });
  await expect(put).rejects.toMatchObject({ code: "conflict" });
  expect(await files.stat("small.txt")).toMatchObject({ size: 5 });
  await store.putFile?.({ path: "fresh.txt" }, new Blob(["new"]), { onlyNew: true });
  expect(await files.stat("fresh.txt")).toMatchObject({ size: 3 });
});

test("a file of parts that may not replace one is not completed over what another program wrote meanwhile", async () => {
  const { upload, url, headers } = await signedPart("meanwhile.bin", "hello");
  await fetch(url, { method: "PUT", headers, body: "hello" });
  await plant("meanwhile.bin", bytes("other program"));
  await expect(upload.complete({ onlyNew: true })).rejects.toMatchObject({ code: "conflict" });
  expect(await files.stat("meanwhile.bin")).toMatchObject({ size: 13 });
  await upload.complete();
  expect(await files.stat("meanwhile.bin")).toMatchObject({ size: 5 });
});

test("a file is moved by one call, whatever its size, since no part can be copied", async () => {
  await using small = await openGcs(front.endpoint, { serviceAccount: keyFile }, { limits: { maxPartSize: 5 * MiB } });
  await small.plant("large.bin", new Uint8Array(6 * MiB));
  front.passed.length = 0;
  await small.files.move("large.bin", "moved.bin");
  expect(front.passed.filter(({ method }) => method === "PUT" || method === "POST")).toHaveLength(1);
  expect(await small.files.stat("moved.bin")).toMatchObject({ size: 6 * MiB });
});

test("pages are admitted by Google's own CORS rules", async () => {
  await store.setCors(["https://files.example.com"]);
  const [verdict] = await store.checkCors("https://files.example.com");
  expect(verdict).toEqual({ endpoint: front.endpoint, verdict: "admitted" });
  expect(await store.checkCors("https://other.example.com")).toMatchObject([{ verdict: "refused" }]);
});

test("what removes a file twice, where the second removal is refused, is fine", async () => {
  await plant("twice.txt", bytes("x"));
  await files.remove("twice.txt");
  await files.remove("twice.txt");
  expect(front.refused).toEqual(["NoSuchKey: The specified key does not exist."]);
});

test("a clock that is an hour off is found out by the first refusal", async () => {
  const now = () => Date.now() - 3_600_000;
  await using late = await openGcs(front.endpoint, { serviceAccount: keyFile }, { now });
  expect(await late.files.stat("nothing.txt")).toBeUndefined();
  expect(late.store.clockSkewMs()).toBeGreaterThan(3_500_000);
});

test("a key that Google does not know is refused, and the refusal shows nothing of it", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const serviceAccount = JSON.stringify({ ...JSON.parse(keyFile), private_key: pem });
  await using other = await openGcs(front.endpoint, { serviceAccount });
  const refused = await other.store.create({ path: "a", size: 1 }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "forbidden" });
  expect(String(refused)).not.toContain("PRIVATE KEY");
});

test("by an HMAC key a file is written, read and told from others, in the words of S3", async () => {
  await using hmac = await openGcs(ceph().endpoint, cephHmac());
  await hmac.store.putFile?.({ path: "a b/한글.txt", type: "text/plain" }, new Blob(["hello"]));
  const text = await new Response(await hmac.files.read("a b/한글.txt")).text();
  expect(text).toBe("hello");
  expect(await hmac.files.stat("a b/한글.txt")).toMatchObject({ size: 5, type: "text/plain" });
});
