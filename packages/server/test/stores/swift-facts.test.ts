/** What profile `swift` says of Swift's S3 API, asked of a real one by the SDK of AWS and by plain requests. */

import { createHash } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Swift, startSwift } from "../../../../test/peers/swift.ts";
import { swift as profile } from "../../src/stores/profiles/swift.ts";
import { openS3 } from "./opened-bucket.ts";

const origin = "https://naru.example";
let swift: Swift;
let bucket: Awaited<ReturnType<typeof openS3>>;
let client: S3Client;
let Bucket: string;

beforeAll(async () => {
  swift = await startSwift({ corsOrigin: origin });
  bucket = await openS3({ profile, limits: { minPartSize: 1 } }, swift);
  Bucket = bucket.bucket;
  client = clientOf("us-east-1");
});
afterAll(async () => {
  client?.destroy();
  await bucket?.[Symbol.asyncDispose]();
  await swift?.[Symbol.asyncDispose]();
});

const credentialsOf = () => ({ accessKeyId: swift.accessKey, secretAccessKey: swift.secretKey });

function clientOf(region: string): S3Client {
  const requestChecksumCalculation = "WHEN_REQUIRED" as const;
  const { endpoint } = swift;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation,
    credentials: credentialsOf(),
  });
}

/** The status and code with which it is refused. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: { name: string; $metadata: { httpStatusCode?: number } }) => thrown,
  );
  return error === undefined ? "done" : `${error.$metadata.httpStatusCode} ${error.name}`;
}

async function begin(Key: string, ...parts: readonly string[]) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const upload = { Bucket, Key, UploadId };
  const Parts = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  return { upload, complete: { ...upload, MultipartUpload: { Parts } } };
}

test("a file has 1,000 parts at most", async () => {
  const { upload } = await begin("many.bin");
  const part = (PartNumber: number) => client.send(new UploadPartCommand({ ...upload, PartNumber, Body: "x" }));
  expect(await refusal(part(profile.limits.maxParts.is))).toBe("done");
  expect(await refusal(part(profile.limits.maxParts.is + 1))).toBe("400 InvalidArgument");
});

test("no call sets CORS or a rule that ends uploads; an operator's setting admits pages", async () => {
  expect([profile.corsApi.is, profile.abortRule.is]).toEqual(["none", false]);
  const CORSRules = [{ AllowedOrigins: [origin], AllowedMethods: ["PUT"] }];
  expect(await refusal(client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } })))).toBe(
    "501 NotImplemented",
  );
  const rule = {
    Status: "Enabled",
    Filter: { Prefix: "" },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  };
  const LifecycleConfiguration = { Rules: [{ ...rule, Status: "Enabled" as const }] };
  expect(
    await refusal(client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }))),
  ).not.toBe("done");
  await expect(bucket.store.setCors([origin])).rejects.toMatchObject({ code: "unsupported" });
  expect(await bucket.store.checkCors(origin)).toMatchObject([{ verdict: "admitted" }]);
  expect(await bucket.store.checkCors("https://other.example")).toMatchObject([{ verdict: "refused" }]);
});

test("a file of parts has the MD5 of their MD5s as its etag", async () => {
  expect(profile.etagForm.is).toBe("md5-of-md5s");
  const { complete } = await begin("two.bin", "abc", "de");
  await client.send(new CompleteMultipartUploadCommand(complete));
  const md5 = (text: string | Buffer) => createHash("md5").update(text).digest();
  const etag = `"${md5(Buffer.concat([md5("abc"), md5("de")])).toString("hex")}-2"`;
  expect(await client.send(new HeadObjectCommand({ Bucket, Key: "two.bin" }))).toMatchObject({ ETag: etag });
});

test("a condition is refused when a file is written at once, and honoured when it is completed", async () => {
  expect([profile.conditionalCreate.is, profile.conditionalComplete.is]).toEqual(["refused", "honoured"]);
  const put = { Bucket, Key: "there.bin", Body: "x" };
  expect(await refusal(client.send(new PutObjectCommand({ ...put, IfNoneMatch: "*" })))).toBe("501 NotImplemented");
  await client.send(new PutObjectCommand(put));
  const { complete } = await begin("there.bin", "new");
  const completed = (IfNoneMatch?: string) =>
    client.send(new CompleteMultipartUploadCommand({ ...complete, IfNoneMatch }));
  expect(await refusal(completed("*"))).toMatch(/^412 /);
  // The upload is as it was.
  expect(await refusal(completed())).toBe("done");
});

test("a part's MD5 is enforced, other checksums are not looked at", async () => {
  expect([profile.md5.is, profile.checksums.is]).toEqual([true, []]);
  const { upload } = await begin("sums.bin");
  const part = (more: object) => client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: "abc", ...more }));
  expect(await refusal(part({ ContentMD5: Buffer.alloc(16).toString("base64") }))).toBe("400 BadDigest");
  expect(await refusal(part({ ChecksumCRC32: Buffer.alloc(4).toString("base64") }))).toBe("done");
});

test("what is not signed, not of this region or signed for more than a week is refused", async () => {
  expect(profile.signedHeaders.is).toBe(true);
  const upload = await bucket.store.create({ path: "signed.bin", size: 3, partSize: 3 });
  const digest = { md5: createHash("md5").update("abc").digest("hex"), crc64: "0".repeat(16) };
  const [part] = (await upload.presign?.([{ number: 1, offset: 0, size: 3, digest }])) ?? [];
  const put = async (more: Record<string, string> = {}) =>
    (await fetch(part?.url ?? "", { method: "PUT", body: "abc", headers: { ...part?.headers, ...more } })).status;
  expect([await put({ "x-amz-meta-naru": "x" }), await put()]).toEqual([403, 200]);
  await upload.complete();
  const get = async (lifeSeconds: number) => {
    const [{ url } = { url: "" }] = await bucket.store.presignRead("signed.bin", { lifeSeconds: 604_800 });
    return (await fetch(url.replace(/X-Amz-Expires=\d+/, `X-Amz-Expires=${lifeSeconds}`))).status;
  };
  // Longer, it is refused before the signature is looked at.
  expect([await get(604_800), await get(604_801)]).toEqual([200, 400]);
  const elsewhere = clientOf("eu-west-1");
  expect(await refusal(elsewhere.send(new ListObjectsV2Command({ Bucket })))).toMatch(/^400 /);
  elsewhere.destroy();
});

test("uploads are listed, but a page of one does not say where the next one begins", async () => {
  expect(profile.listsUploads.is).toBe("bucket");
  await begin("listed/a.bin");
  await begin("listed/b.bin");
  const list = (more: object) => client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "listed/", ...more }));
  const first = await list({ MaxUploads: 1 });
  expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: "" });
  const [{ Key, UploadId } = {}] = first.Uploads ?? [];
  const { Uploads = [] } = await list({ KeyMarker: Key, UploadIdMarker: UploadId });
  expect(Uploads.map((upload) => upload.Key)).toEqual(["listed/b.bin"]);
});

test("a range past the end is copied as far as it goes: Naru refuses the part", async () => {
  const { etag } = (await bucket.store.putFile?.({ path: "short.bin" }, new Blob(["0123456789"]))) ?? { etag: "" };
  const { upload } = await begin("copy.bin");
  const CopySource = `${Bucket}/short.bin`;
  const past = { ...upload, PartNumber: 1, CopySource, CopySourceRange: "bytes=5-99" };
  expect(await refusal(client.send(new UploadPartCopyCommand(past)))).toBe("done");
  const ours = await bucket.store.create({ path: "ours.bin", size: 95, partSize: 95 });
  const copying = ours.copyPart?.({ number: 1, offset: 0, size: 95 }, { path: "short.bin", etag, start: 5 });
  await expect(copying).rejects.toMatchObject({ code: "conflict" });
});

test("removing many at once wants Content-MD5, which the SDK of AWS does not send any more", async () => {
  const Delete = { Objects: [{ Key: "none.bin" }] };
  expect(await refusal(client.send(new DeleteObjectsCommand({ Bucket, Delete })))).toBe("400 InvalidRequest");
});

test("a key with a control character makes its listing fail, unless keys are asked for as in URLs", async () => {
  await bucket.plant("odd/a\u0001b.bin", new Uint8Array(1));
  expect(await refusal(client.send(new ListObjectsV2Command({ Bucket, Prefix: "odd/" })))).toMatch(/^500 /);
  const { files } = await bucket.store.list({ prefix: "odd/" });
  expect(files.map(({ path }) => path)).toEqual(["odd/a\u0001b.bin"]);
});
