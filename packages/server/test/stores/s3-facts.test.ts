import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layWire, type Wire } from "../../../../test/harness/wire.ts";
import { ceph } from "../../src/stores/profiles/ceph.ts";
import { generic } from "../../src/stores/profiles/generic.ts";
import { profileOf } from "../../src/stores/profiles/profiles.ts";
import { fact, type StoreProfile } from "../../src/stores/profiles/store-profile.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "../http/client.ts";
import { cephOptions, keepVersions, openS3 } from "./opened-bucket.ts";

let bucket: Awaited<ReturnType<typeof openS3>>;
let wire: Wire;

beforeAll(async () => {
  bucket = await openS3({ profile: ceph });
  wire = await layWire((await cephOptions()).endpoint);
});

afterAll(async () => {
  await bucket?.[Symbol.asyncDispose]();
  await wire?.[Symbol.asyncDispose]();
});

const bytes = (text: string) => new TextEncoder().encode(text);
const open = (profile: StoreProfile) => openS3({ profile });

describe("a small file that may not replace one", () => {
  test("leaves what another program wrote meanwhile, where the store compares", async () => {
    await bucket.plant("small.txt", bytes("other"));
    const put = bucket.store.putFile?.({ path: "small.txt" }, new Blob(["new"]), { onlyNew: true });
    await expect(put).rejects.toMatchObject({ code: "conflict" });
    expect(await bucket.store.stat("small.txt")).toMatchObject({ size: 5 });
    await bucket.store.putFile?.({ path: "fresh.txt" }, new Blob(["new"]), { onlyNew: true });
    expect(await bucket.store.stat("fresh.txt")).toMatchObject({ size: 3 });
  });

  test("is written without the condition where the store is not known to compare", async () => {
    await using plain = await open(generic);
    await plain.plant("small.txt", bytes("other"));
    await plain.store.putFile?.({ path: "small.txt" }, new Blob(["new"]), { onlyNew: true });
    expect(await plain.store.stat("small.txt")).toMatchObject({ size: 3 });
  });

  test("replaces one in a bucket of Ceph 16 that keeps versions, where that stays as a version", async () => {
    await using kept = await open(ceph);
    await keepVersions(kept.bucket);
    expect(ceph.conditionalCreateWithVersions.is).toBe("ignored");
    await kept.plant("small.txt", bytes("other"));
    await kept.store.putFile?.({ path: "small.txt" }, new Blob(["new"]), { onlyNew: true });
    const { versions } = await kept.store.versions.list("small.txt", { limit: 10 });
    expect(versions.map(({ size }) => size)).toEqual([3, 5]);
  });

  test.each([
    ["fail", "409 conflict", ["race-fail.txt"], 5],
    ["rename", "201 fine", ["race-rename (2).txt", "race-rename.txt"], 5],
    ["overwrite", "201 fine", ["race-overwrite.txt"], 3],
  ])("under conflict=%s, of two programs at the same moment: %s", async (conflict, answer, names, size) => {
    const path = `race-${conflict}.txt`;
    const { store } = bucket;
    let wasPlanted = false;
    // Another program writes after Naru has looked, and before it writes.
    const putFile: typeof store.putFile = async (spec, body, options) => {
      if (!wasPlanted) await bucket.plant(path, bytes("other"));
      wasPlanted = true;
      if (!store.putFile) throw new Error("Cannot write small files");
      return store.putFile(spec, body, options);
    };
    await using door = await httpDoor({ ...store, putFile });
    const client = Client.basic(door.origin, door.user, door.password);
    expect(await verdict(client.call("PUT", `/api/files/${path}?conflict=${conflict}`, { body: "new" }))).toBe(answer);
    const { files } = await store.list({ prefix: `race-${conflict}` });
    expect(files.map((file) => file.path)).toEqual(names);
    expect(await store.stat(path)).toMatchObject({ size });
  });
});

describe("a name that the store does not accept", () => {
  const minio = profileOf("minio") ?? generic;
  const shortKeys = { ...ceph, maxKeyBytes: fact(40, "run: this test") };

  test.each([
    ["a name of 256 bytes", minio, `folder/${"가".repeat(85)}x`, "names of up to 255 bytes"],
    ["a key of 41 bytes", shortKeys, "x".repeat(41), "keys of up to 40 bytes"],
  ])("(%s) is refused before a request is made", async (_what, profile, path, why) => {
    const store = s3Store({ ...(await cephOptions()), endpoint: wire.origin, profile });
    wire.exchanges.length = 0;
    const refusal = { code: "invalid", message: expect.stringContaining(why) };
    await expect(store.create({ path, size: 1 })).rejects.toMatchObject(refusal);
    await expect(store.putFile?.({ path }, new Blob(["x"]))).rejects.toMatchObject(refusal);
    await expect(store.move("a", path)).rejects.toMatchObject(refusal);
    await expect(store.folders.make(path)).rejects.toMatchObject(refusal);
    expect(wire.exchanges).toEqual([]);
    await store.close();
  });
});

test("CORS rules are not written where the bucket has no such call, and the error says where they are set", async () => {
  await using swift = await open(profileOf("swift") ?? generic);
  await expect(swift.store.setCors(["https://naru.example"])).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/OpenStack Swift.* has no call .*cors_preflight_allow_origin/),
  });
});

test("a key with a percent sign is copied by the store where it reads such names, and by the server elsewhere", async () => {
  const options = { ...(await cephOptions()), endpoint: wire.origin };
  const store = s3Store({ ...options, profile: ceph });
  await store.putFile?.({ path: "100%.txt" }, new Blob(["all"]));
  wire.exchanges.length = 0;
  await store.move("100%.txt", "half.txt");
  expect(wire.exchanges.some(({ method, url }) => method === "GET" && url.pathname.endsWith("/100%25.txt"))).toBe(true);
  expect(await store.stat("half.txt")).toMatchObject({ size: 3 });
  await store.close();
});
