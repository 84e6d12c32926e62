import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileStore } from "@naru/server";
import { s3Store } from "@naru/server/s3-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Bucket } from "../../../test/harness/bucket.ts";
import { type Ended, ended } from "./naru.ts";

const bin = fileURLToPath(new URL("../bin/naru.js", import.meta.url));
let bucket: Bucket;
let folder: string;

beforeAll(async () => {
  bucket = await Bucket.make();
  folder = await mkdtemp(join(tmpdir(), "naru-janitor-"));
});
afterAll(async () => {
  await bucket[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function janitor(...args: string[]): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...bucket.credentials };
  return ended(
    spawn(process.execPath, [bin, "janitor", ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] }),
  );
}

type Store = Awaited<ReturnType<typeof fileStore>> | ReturnType<typeof s3Store>;

async function begin(store: Store, path: string, lifeMs: number): Promise<void> {
  store.ownUploads?.({ installation: "test", lifeMs });
  const upload = await store.create({ path, size: 3000, partSize: 3000 });
  await upload.put({ number: 1, offset: 0, size: 3000 }, new Blob([new Uint8Array(3000)]));
}

function openBucket(): ReturnType<typeof s3Store> {
  const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = bucket.place;
  const credentials = async () => ({ accessKeyId, secretAccessKey });
  return s3Store({ bucket: bucket.name, endpoint, region: "us-east-1", style: "path", credentials });
}

const day = 24 * 60 * 60 * 1000;

test("in a bucket: shows what it would end, ends that, and leaves what is still worked on", async () => {
  const store = openBucket();
  await begin(store, "over 1.bin", 1);
  await begin(store, "on its way.bin", 7 * day);
  await store.close();
  // The store counts whole seconds.
  await expect.poll(async () => (await janitor("--store", bucket.storeUrl(), "--dry-run")).stdout).toMatch(/would end/);
  const dry = await janitor("--store", bucket.storeUrl(), "--dry-run");
  expect(dry.stdout).toBe(
    "would end  2.93 KiB  idle for 0 h  over 1.bin\n1 upload, 2.93 KiB would be freed; 1 not due yet\n",
  );
  expect([dry.code, dry.stderr, await bucket.unfinished()]).toEqual([0, "", 2]);
  const careful = await janitor("--store", bucket.storeUrl(), "--older", "7d");
  expect(careful.stdout).toBe("0 uploads, 0 B freed; 2 not due yet\n");
  const done = await janitor("--store", bucket.storeUrl(), "--json");
  const [upload, total] = done.stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(upload).toMatchObject({ path: "over 1.bin", bytes: 3000, installation: "test", ended: true });
  expect(total).toEqual({ total: { uploads: 1, bytes: 3000, kept: 1, failed: 0, ended: true } });
  expect(await bucket.unfinished()).toBe(1);
});

test("in a folder: the same", async () => {
  const place = join(folder, "naru-data", "files");
  const store = await fileStore(place);
  await begin(store, "over.bin", 1);
  await begin(store, "on its way.bin", 7 * day);
  const done = await janitor();
  expect(done).toMatchObject({ code: 0, stderr: "" });
  expect(done.stdout).toBe("ended  2.93 KiB  idle for 0 h  over.bin\n1 upload, 2.93 KiB freed; 1 not due yet\n");
  expect((await janitor()).stdout).toBe("0 uploads, 0 B freed; 1 not due yet\n");
});

test("says what is wrong, and has examples in its help", async () => {
  expect(await janitor("--store", "ftp://x")).toMatchObject({ code: 2, stdout: "" });
  expect(await janitor("--older", "soon")).toMatchObject({ code: 2, stderr: expect.stringContaining("such as 7d") });
  const denied = await janitor("--store", bucket.storeUrl().replace(bucket.name, "not-there"));
  expect(denied.code).toBe(3);
  expect((await janitor("--help")).stdout).toContain("naru janitor --dry-run");
});

test("over several stores, one that does not answer is named and keeps no other from being looked through", async () => {
  const settings = join(folder, "house");
  for (const name of ["files", "other"]) await mkdir(join(settings, name), { recursive: true });
  const away = "s3://away?endpoint=http://127.0.0.1:9";
  await writeFile(join(settings, "naru.yaml"), `mounts:\n  /: file:files\n  /away: ${away}\n  /other: file:other\n`);
  await begin(await fileStore(join(settings, "other")), "over.bin", 1);
  const { code, stderr, stdout } = await janitor("--data", settings, "--dry-run");
  expect(stdout).toMatch(/\/other:\nwould end .* over\.bin\n1 upload, 2\.93 KiB would be freed/);
  expect(stderr).toContain("naru: /away: ");
  expect(code).not.toBe(0);
});
