import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { pattern } from "@naru/core/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { layWire, type Wire } from "../../../../test/harness/wire.ts";
import { createServer, type ServedStore, silentLog } from "../../src/index.ts";
import { type S3StoreOptions, s3Store } from "../../src/stores/s3/s3-store.ts";
import { cephOptions } from "./opened-bucket.ts";
import { tempFolder } from "./temp-folder.ts";

const day = 24 * 60 * 60 * 1000;
const closing: (() => unknown)[] = [];
let options: S3StoreOptions;
let wire: Wire;
let client: S3Client;

beforeEach(async () => {
  options = await cephOptions();
  wire = await layWire(options.endpoint);
  const { endpoint, region } = options;
  const { accessKeyId, secretAccessKey } = await options.credentials();
  const credentials = { accessKeyId, secretAccessKey };
  client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  closing.push(
    () => wire[Symbol.asyncDispose](),
    () => client.destroy(),
  );
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(more: Partial<S3StoreOptions> = {}): ReturnType<typeof s3Store> {
  const store = s3Store({ ...options, endpoint: wire.origin, ...more });
  closing.push(() => store.close());
  return store;
}

async function begin(store: ServedStore, path: string) {
  const upload = await store.create({ path, size: 100, partSize: 100 });
  await upload.put({ number: 1, offset: 0, size: 100 }, new Blob([pattern(100)]));
  return upload;
}

async function found(store: ServedStore, before?: Date) {
  const uploads = [];
  for await (const upload of store.unfinished?.({ before }) ?? []) uploads.push(upload);
  return uploads;
}

/** What the bucket says of itself, with another program's client. */
async function listed(): Promise<readonly (string | undefined)[]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: options.bucket }));
  return Uploads.map(({ Key }) => Key);
}

/** An upload as `aws s3 cp` begins it. */
async function beginElsewhere(key: string): Promise<void> {
  const object = { Bucket: options.bucket, Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
  await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: "theirs" }));
}

/** A server that is `later` than the bucket, over its own data folder. */
async function sweep(dataDir: string, { later, ttlDays = 7 }: { later: number; ttlDays?: number }): Promise<void> {
  const server = await createServer({
    store: open(),
    dataDir,
    logger: silentLog(),
    adminPassword: "naru-naru",
    uploadTtlMs: ttlDays * day,
    clock: () => Date.now() + later,
    http: { host: "127.0.0.1", port: 0 },
  });
  await server.close();
}

test("the uploads of a data folder that was lost are ended when their time is over, and those of other programs never", async () => {
  await using folder = await tempFolder();
  await beginElsewhere("theirs.bin");
  const store = open();
  store.ownUploads?.({ installation: "lost", lifeMs: 7 * day });
  await begin(store, "ours.bin");
  await sweep(folder.path, { later: 7.9 * day });
  expect(await listed()).toEqual(["ours.bin", "theirs.bin"]);
  await sweep(folder.path, { later: 8.1 * day });
  expect(await listed()).toEqual(["theirs.bin"]);
  expect((await open().list({ prefix: ".naru/uploads/" })).files).toEqual([]);
});

test("an upload of another server over the same bucket lives as long as that one says", async () => {
  await using folder = await tempFolder();
  const other = open();
  other.ownUploads?.({ installation: "another house", lifeMs: 30 * day });
  await begin(other, "slow.bin");
  expect((await found(open())).map(({ owner }) => owner)).toEqual([
    { installation: "another house", lifeMs: 30 * day },
  ]);
  await sweep(folder.path, { later: 30 * day });
  expect(await listed()).toEqual(["slow.bin"]);
  await sweep(folder.path, { later: 31.1 * day });
  expect(await listed()).toEqual([]);
});

test("an upload is marked once, again by whoever resumes it, and again when a seventh of its life is over", async () => {
  const marks = (): number =>
    wire.exchanges.filter(({ method, url }) => method === "PUT" && url.pathname.includes("/.naru/uploads/")).length;
  const store = open();
  const upload = await begin(store, "days.bin");
  const put = (to = upload) => to.put({ number: 1, offset: 0, size: 100 }, new Blob([pattern(100)]));
  await put();
  expect(marks()).toBe(1);
  const resumed = await open().resume(upload.id);
  await put(resumed);
  expect(marks()).toBe(2);
  await put(resumed);
  expect(marks()).toBe(2);
  store.ownUploads?.({ installation: "hasty", lifeMs: 7 });
  const hasty = await begin(store, "hasty.bin");
  const before = marks();
  await new Promise((done) => setTimeout(done, 2));
  await put(hasty);
  expect(marks()).toBe(before + 1);
});

test("an upload that somebody resumes after it was found is not ended", async () => {
  const store = open();
  const upload = await begin(store, "again.bin");
  const [old] = await found(store);
  const resumed = await open().resume(upload.id);
  await resumed.put({ number: 1, offset: 0, size: 100 }, new Blob([pattern(100)]));
  await expect(old?.end()).rejects.toMatchObject({ code: "conflict" });
  expect(await listed()).toEqual(["again.bin"]);
  const [now] = await found(store);
  await now?.end();
  expect(await listed()).toEqual([]);
});

test("a mark whose upload is gone has no bytes, and goes when it is ended", async () => {
  const store = open();
  await begin(store, "gone.bin");
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: options.bucket }));
  for (const { Key, UploadId } of Uploads)
    await client.send(new AbortMultipartUploadCommand({ Bucket: options.bucket, Key, UploadId }));
  const [mark, ...others] = await found(store);
  expect(others).toEqual([]);
  expect(await mark?.size()).toBe(0);
  await mark?.end();
  expect(await found(store)).toEqual([]);
});

test("what lies among the marks and is none is passed over: nobody's upload is ended by a forged one", async () => {
  const store = open({ prefix: "in/" });
  const upload = await begin(store, "real.bin");
  const outside = open();
  const text = await new Response(await outside.read(`in/.naru/uploads/${tokenIn(upload.id)}`)).text();
  for (const [name, body] of [
    ["notes.txt", "not ours"],
    ["empty", "{}"],
    ["another-token", text],
  ] as const)
    await outside.putFile?.({ path: `in/.naru/uploads/${name}` }, new Blob([body]));
  expect((await found(store)).map(({ path }) => path)).toEqual(["real.bin"]);
  // A mark below one prefix says nothing of an object below another.
  await outside.putFile?.(
    { path: `.naru/uploads/${tokenIn(upload.id)}` },
    new Blob([text.replace(upload.id, foreign(upload.id))]),
  );
  expect((await found(open({ prefix: "in/" }))).map(({ path }) => path)).toEqual(["real.bin"]);
});

function tokenIn(id: string): string {
  const { token } = JSON.parse(Buffer.from(id, "base64url").toString()) as { token: string };
  return token;
}

function foreign(id: string): string {
  const key = JSON.parse(Buffer.from(id, "base64url").toString()) as object;
  return Buffer.from(JSON.stringify({ ...key, key: "elsewhere.bin" })).toString("base64url");
}

test("an upload is aborted again while parts of it are still listed", async () => {
  const store = open();
  await begin(store, "busy.bin");
  const [upload] = await found(store);
  let lies = 2;
  // It is said to be aborted, and is not: as after a part that was on its way.
  wire.fault = ({ method, url }) => {
    if (method !== "DELETE" || !url.searchParams.has("uploadId") || lies === 0) return undefined;
    lies -= 1;
    return { kind: "answer", status: 204 };
  };
  await upload?.end();
  expect(await listed()).toEqual([]);
  expect(await found(store)).toEqual([]);
});

test("an upload whose parts never go keeps its mark, so that it is tried again later", async () => {
  const store = open();
  await begin(store, "stuck.bin");
  const [upload] = await found(store);
  wire.fault = ({ method, url }) =>
    method === "DELETE" && url.searchParams.has("uploadId") ? { kind: "answer", status: 204 } : undefined;
  await expect(upload?.end()).rejects.toMatchObject({ code: "unavailable" });
  wire.fault = () => undefined;
  expect(await found(store)).toHaveLength(1);
});

test("on a machine whose clock is a month off, an upload that was just begun is not old", async () => {
  for (const wrong of [30 * day, -30 * day]) {
    const now = (): number => Date.now() + wrong;
    const store = open({ now });
    await begin(store, "now.bin");
    const [upload] = await found(store);
    expect(Math.abs((upload?.renewed.getTime() ?? 0) - now())).toBeLessThan(day / 24);
    await upload?.end();
  }
});

test("an upload that may not be marked goes on without", async () => {
  const store = open();
  wire.fault = ({ method, url }) =>
    method === "PUT" && url.pathname.includes("/.naru/uploads/") ? { kind: "answer", status: 403 } : undefined;
  const upload = await begin(store, "unmarked.bin");
  expect(await upload.complete()).toMatchObject({ path: "unmarked.bin", size: 100 });
});
