import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { decodeStoreReport, type WireStoreReport } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Bucket } from "../../../../test/harness/bucket.ts";
import { layWire, type Wire } from "../../../../test/harness/wire.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { httpDoor } from "../../src/testing/index.ts";
import { storeOn } from "../doctor/examined-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";

let bucket: Bucket;
let wire: Wire;
beforeAll(async () => {
  bucket = await Bucket.make();
  wire = await layWire(bucket.place.endpoint);
});
afterAll(async () => {
  await wire[Symbol.asyncDispose]();
  await bucket[Symbol.asyncDispose]();
});

/** A server over a folder, and a bucket at /videos. */
async function opened() {
  const folder = await tempFolder();
  await mkdir(join(folder.path, "files"));
  const videos = storeOn(bucket, { endpoint: wire.origin });
  const store = await fileStore(join(folder.path, "files"));
  const door = await httpDoor(store, { mounts: [{ prefix: "videos/", store: videos }] });
  const admin = Client.basic(door.origin, door.user, door.password);
  return {
    admin,
    anyone: new Client(door.origin, {}),
    close: () => door.close(),
    report: async (language = "en"): Promise<WireStoreReport> =>
      decodeStoreReport(await (await admin.call("GET", `/api/doctor?language=${language}`)).json()),
    [Symbol.asyncDispose]: async () => {
      await door.close();
      await videos.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test("an administrator has every mount examined, one run at a time, and the health check tells of it in a line", async () => {
  await using place = await opened();
  const { admin, anyone, report } = place;
  const summary = async (): Promise<unknown> =>
    ((await (await anyone.call("GET", "/readyz?verbose")).json()) as { examination?: unknown }).examination;
  expect(await summary()).toBe("not examined yet");
  expect(await report()).toEqual({ running: false, stores: [] });
  const [first, second] = await Promise.all([admin.call("POST", "/api/doctor"), admin.call("POST", "/api/doctor")]);
  expect([first.status, second.status]).toEqual([202, 202]);
  await expect.poll(async () => (await report()).running, { timeout: 120_000 }).toBe(false);
  const { stores, ended = "" } = await report();
  expect(stores.map(({ mount, profile }) => [mount, profile])).toEqual([
    ["/", "file"],
    ["/videos", "ceph"],
  ]);
  // One run: each folder of an examination has one marker, written anew once.
  const markers = wire.exchanges.filter(({ method, url }) => method === "PUT" && url.pathname.endsWith(".json"));
  expect(new Set(markers.map(({ url }) => url.pathname)).size).toBe(1);
  const [{ checks } = { checks: [] }] = stores.slice(1);
  expect(checks.find(({ id }) => id === "cors")).toMatchObject({
    status: "failure",
    fix: expect.stringMatching(/cors/),
  });
  const korean = (await report("ko")).stores[1]?.checks.find(({ id }) => id === "md5");
  expect(korean?.message).toContain("거부합니다");
  expect(await summary()).toBe(`failure at ${ended}: failures 1, warnings ${warningsIn(stores)}`);
  expect(JSON.stringify(stores)).not.toContain(bucket.place.accessKey);
});

test("nobody else may, and nobody without a sign-in", async () => {
  await using place = await opened();
  await place.admin.json("POST", "/api/accounts", { name: "ann", password: "naru-naru" });
  const ann = Client.basic(place.anyone.origin, "ann", "naru-naru");
  for (const method of ["GET", "POST"]) {
    expect(await verdict(ann.call(method, "/api/doctor"))).toBe("403 forbidden");
    expect(await verdict(place.anyone.call(method, "/api/doctor"))).toBe("401 unauthenticated");
  }
});

test("a server that is stopped in the middle has removed what the examination wrote", async () => {
  await using place = await opened();
  wire.exchanges.length = 0;
  await place.admin.call("POST", "/api/doctor");
  await wire.until(() => wire.exchanges.some(({ url }) => url.pathname.includes("/names/")));
  await place.close();
  expect(await bucket.keys()).toEqual([]);
  expect(await bucket.unfinished()).toBe(0);
});

function warningsIn(stores: WireStoreReport["stores"]): number {
  return stores.flatMap(({ checks }) => checks).filter(({ status }) => status === "warning").length;
}
