import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { layWire, type Wire } from "../../../../test/harness/wire.ts";
import { type Recognised, type S3StoreOptions, s3Store } from "../../src/stores/s3/s3-store.ts";
import { cephOptions } from "./opened-bucket.ts";

let options: S3StoreOptions;
let wire: Wire;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  options = await cephOptions();
  wire = await layWire(options.endpoint);
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(() => wire?.[Symbol.asyncDispose]());

/** A store that is to find out which it is, and what it reports. */
function opened(endpoint: string, known?: Recognised) {
  const found: Recognised[] = [];
  const recognition = { known, onRecognised: (one: Recognised): void => void found.push(one) };
  const store = s3Store({ ...options, endpoint, recognition });
  closing.push(() => store.close());
  return { store, found };
}

describe("Ceph", () => {
  test("is recognised by one request, which needs no key, before the first upload", async () => {
    wire.exchanges.length = 0;
    const { store, found } = opened(wire.origin);
    expect(store.profile.name).toBe("generic");
    await (await store.create({ path: "a.bin", size: 10 })).abort();
    expect(store.profile.name).toBe("ceph");
    expect(found).toEqual([{ name: "ceph" }]);
    const [first, second] = wire.exchanges;
    expect(first).toMatchObject({ method: "GET", status: 200 });
    expect(first?.url.pathname + (first?.url.search ?? "")).toBe("/");
    // The upload itself.
    expect(second).toMatchObject({ method: "POST" });
  });

  test("is asked once, however many ask, and not at all when it is known", async () => {
    wire.exchanges.length = 0;
    const { store } = opened(wire.origin);
    await Promise.all([store.recognise(), store.recognise(), store.recognise()]);
    expect(wire.exchanges).toHaveLength(1);
    wire.exchanges.length = 0;
    const again = opened(wire.origin, { name: "ceph" });
    await again.store.recognise();
    expect(again.store.profile.name).toBe("ceph");
    expect(wire.exchanges).toEqual([]);
    expect(again.found).toEqual([]);
  });

  test("that was named is believed", async () => {
    wire.exchanges.length = 0;
    const { profile } = opened(wire.origin, { name: "ceph" }).store;
    const named = s3Store({ ...options, endpoint: wire.origin, profile, recognition: {} });
    closing.push(() => named.close());
    await named.recognise();
    expect(wire.exchanges).toEqual([]);
  });
});

async function serverThat(answers: RequestListener, port = 0) {
  const paths: string[] = [];
  const server: Server = createServer((request, response) => {
    paths.push(request.url ?? "");
    answers(request, response);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  closing.push(close);
  return { endpoint: `http://127.0.0.1:${own}`, port: own, paths, close };
}

const listed = (more: string) => `<?xml version="1.0"?><ListBucketResult>${more}</ListBucketResult>`;

describe("another store", () => {
  test.each([
    ["aws", { server: "AmazonS3" }],
    ["minio", { server: "MinIO" }],
    ["minio", { "x-minio-deployment-id": "4b3e" }],
    ["wasabi", { server: "WasabiS3/7.20" }],
    ["swift", { "x-trans-id": "tx1e7c9600b5c1485588bca-006b0d2039" }],
  ])("is recognised as %s by what it answers: %j", async (name, headers) => {
    const { endpoint, paths } = await serverThat((_request, response) => {
      response.writeHead(403, headers as Record<string, string>).end();
    });
    const { store } = opened(endpoint);
    await store.recognise();
    expect(store.profile.name).toBe(name);
    expect(paths.length).toBeLessThanOrEqual(2);
  });

  test("that gives no sign is generic, after two requests", async () => {
    const { endpoint, paths } = await serverThat((_request, response) => {
      response.end(listed("<KeyCount>0</KeyCount>"));
    });
    const { store, found } = opened(endpoint);
    await store.recognise();
    expect(found).toEqual([{ name: "generic" }]);
    expect(store.profile.listing.is).toBe("v2");
    expect(paths).toEqual(["/", expect.stringContaining("list-type=2")]);
  });

  test("that knows only the older listing is listed by it", async () => {
    const { endpoint, paths } = await serverThat((_request, response) => {
      response.setHeader("content-type", "application/xml").end(listed("<Marker></Marker>"));
    });
    const { store } = opened(endpoint);
    await store.recognise();
    expect(store.profile.listing).toEqual({ is: "v1", source: "asked: of this store" });
    await store.list();
    expect(paths.at(-1)).not.toContain("list-type");
  });

  test("whose operator takes fewer parts says so in its settings, and a plan of more is made again", async () => {
    const { endpoint, paths } = await serverThat((request, response) => {
      response.setHeader("x-openstack-request-id", "tx1");
      response.end(request.url === "/info" ? '{"s3api": {"max_upload_part_num": 12}}' : "");
    });
    const { store } = opened(endpoint);
    const plan = { path: "a.bin", size: 13 * 5 * 1024 ** 2, partSize: 5 * 1024 ** 2 };
    await expect(store.create(plan)).rejects.toMatchObject({ code: "unavailable" });
    expect(store.limitsFor("")).toMatchObject({ maxParts: 12 });
    expect(paths).toEqual(["/", "/info"]);
  });

  test("that is away is generic, and is recognised by the first upload after it has come back", async () => {
    const gone = await serverThat((_request, response) => response.end());
    await gone.close();
    const { store, found } = opened(gone.endpoint);
    await store.recognise();
    expect(store.profile.name).toBe("generic");
    expect(found).toEqual([]);
    await serverThat((_request, response) => {
      response.writeHead(403, { server: "MinIO" }).end();
    }, gone.port);
    await expect
      .poll(
        async () => {
          await store.create({ path: "a.bin", size: 1 }).catch(() => undefined);
          return store.profile.name;
        },
        { timeout: 180_000, interval: 500 },
      )
      .toBe("minio");
  });
});
