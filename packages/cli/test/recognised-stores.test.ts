import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { layWire, type Wire } from "../../../test/harness/wire.ts";
import { ceph, makeBucket } from "../../../test/peers/shared-ceph.ts";
import { openStore } from "../src/open-store.ts";
import { rememberIn } from "../src/stores/recognised-stores.ts";

let wire: Wire;
let bucket: string;
let folder: string;
let file: string;

beforeAll(async () => {
  bucket = await makeBucket();
  wire = await layWire(ceph().endpoint);
  folder = await mkdtemp(join(tmpdir(), "naru-recognised-"));
});

beforeEach(() => {
  file = join(folder, crypto.randomUUID(), "recognised-stores.json");
});

afterAll(async () => {
  await wire?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Open a store as a new process would; what it asked, and what it said. */
async function open(url: string) {
  wire.exchanges.length = 0;
  const notes: string[] = [];
  const { accessKey: AWS_ACCESS_KEY_ID, secretKey: AWS_SECRET_ACCESS_KEY } = ceph();
  const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
  const store = await openStore(url, { env, recognised: rememberIn(file), note: (text) => notes.push(text) });
  await store.close?.();
  return { profile: store.profile?.name, requests: wire.exchanges.length, notes };
}

test("a store is asked which it is when it is opened first, and never again while its URL is the same", async () => {
  const url = `s3://${bucket}?endpoint=${wire.origin}`;
  const first = await open(url);
  expect(first).toMatchObject({ profile: "ceph", requests: 1 });
  expect(first.notes).toEqual([expect.stringMatching(/profile=ceph .*profile=NAME/)]);
  expect(await open(url)).toMatchObject({ profile: "ceph", requests: 0, notes: first.notes });
  expect(await open(`${url}&region=kr`)).toMatchObject({ profile: "ceph", requests: 1 });
  expect(readFileSync(file, "utf8")).not.toContain(ceph().secretKey);
});

test("a store that was named is not asked, and says nothing", async () => {
  const named = await open(`s3://${bucket}?endpoint=${wire.origin}&profile=minio`);
  expect(named).toEqual({ profile: "minio", requests: 0, notes: [] });
});

test("a store that does not answer is generic, which is said and not kept", async () => {
  const away = await open("s3://b?endpoint=http://127.0.0.1:9");
  expect(away.profile).toBe("generic");
  expect(away.notes).toEqual([expect.stringContaining("does not answer")]);
  expect(rememberIn(file).get("s3://b?endpoint=http://127.0.0.1:9")).toBeUndefined();
});

test.each(["", "[]", '{"profiles":1,"stores":{}}', '{"profiles":15,"stores":{"u":{"name":"nobody"}}}'])(
  "a file that holds %j is as good as none",
  async (text) => {
    file = join(folder, `${crypto.randomUUID()}.json`);
    writeFileSync(file, text);
    expect(rememberIn(file).get("u")).toBeUndefined();
    expect(await open(`s3://${bucket}?endpoint=${wire.origin}`)).toMatchObject({ requests: 1 });
  },
);
