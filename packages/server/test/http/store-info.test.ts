import { afterEach, beforeEach, expect, test } from "vitest";
import { deafEndpoint } from "../../../../test/peers/deaf-endpoint.ts";
import { StoreInfo } from "../../src/http/store-info.ts";
import type { Log } from "../../src/log.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { cephOptions } from "../stores/opened-bucket.ts";

const page = "https://naru.example";
let deaf: Awaited<ReturnType<typeof deafEndpoint>>;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  deaf = await deafEndpoint();
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await deaf[Symbol.asyncDispose]();
});

/** What pages are told of a bucket that is reached at these endpoints, and what the log says. */
async function infoOf(endpoints: (ceph: string) => string[]) {
  const options = await cephOptions();
  const store = s3Store({ ...options, publicEndpoints: endpoints(options.endpoint) });
  closing.push(() => store.close());
  const warnings: string[] = [];
  const log: Log = { info: () => undefined, error: () => undefined, warn: (_, message) => warnings.push(message) };
  return {
    store,
    info: new StoreInfo({ store, bothRoutes: true, now: () => 0, log }),
    warnings,
    ceph: options.endpoint,
  };
}

test("a bucket that admits the page at each endpoint is written to directly", async () => {
  const { store, info, warnings } = await infoOf((ceph) => [ceph, ceph.replace("127.0.0.1", "localhost")]);
  await store.setCors([page]);
  expect(await info.for(page)).toMatchObject({ direct: true });
  expect(await info.origins()).toHaveLength(2);
  expect(warnings).toEqual([]);
});

for (const [place, endpoints] of [
  ["first", (ceph: string) => [deaf.origin, ceph]],
  ["last", (ceph: string) => [ceph, ceph.replace("127.0.0.1", "localhost"), deaf.origin]],
] as const) {
  test(`one endpoint that refuses, the ${place}, sends the page through the server, and the log names it`, async () => {
    const { store, info, warnings, ceph } = await infoOf(endpoints);
    await store.setCors([page]);
    expect(await info.for(page)).toMatchObject({ direct: false });
    expect(warnings).toEqual([expect.stringContaining(`refuse pages of ${page} at ${deaf.origin},`)]);
    expect(warnings[0]).toContain("publicEndpoint");
    expect(warnings[0]).not.toContain(ceph);
    // Programs know no CORS.
    expect(await info.for(undefined)).toMatchObject({ direct: true });
  });
}

test("an endpoint that refuses counts even if the server cannot reach another", async () => {
  const { info, warnings } = await infoOf(() => ["http://127.0.0.1:9", deaf.origin]);
  expect(await info.for(page)).toMatchObject({ direct: false });
  expect(warnings).toHaveLength(1);
});

test("an endpoint that the server cannot reach is the page's to try", async () => {
  const { store, info, warnings } = await infoOf((ceph) => ["http://127.0.0.1:9", ceph]);
  await store.setCors([page]);
  expect(await info.for(page)).toMatchObject({ direct: true });
  expect(warnings).toEqual([]);
});

test("where all refuse, the log says how the bucket's rules are set, once", async () => {
  const { info, warnings } = await infoOf((ceph) => [ceph]);
  await info.for(page);
  await info.for(page);
  expect(warnings).toEqual([expect.stringContaining(`naru serve --set-cors ${page}`)]);
});
