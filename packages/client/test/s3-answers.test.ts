import type { FailureCode, Store } from "@naru/core";
import { createServer, silentLog } from "@naru/server";
import { s3Store } from "@naru/server/s3-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layWire, type Wire } from "../../../test/harness/wire.ts";
import { ceph, makeBucket } from "../../../test/peers/shared-ceph.ts";
import { directStore, NaruApi, openNetwork } from "../src/node/index.ts";

const bytes = new Blob(["what a part is made of"]);
const digest = { md5: "0".repeat(32), crc64: "0".repeat(16) };
const part = { number: 1, offset: 0, size: bytes.size };

const network = openNetwork();
const closing: (() => Promise<unknown>)[] = [];
let wire: Wire;
/** The same bucket: as the server has it, and as a client writes to it. */
let routes: Readonly<Record<"server" | "direct", Store>>;

beforeAll(async () => {
  const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = ceph();
  wire = await layWire(endpoint);
  const store = s3Store({
    bucket: await makeBucket(ceph()),
    endpoint: wire.origin,
    region: "us-east-1",
    style: "path",
    credentials: async () => ({ accessKeyId, secretAccessKey }),
  });
  const options = { store, dataDir: ":memory:", adminPassword: "secret place", logger: silentLog() };
  const server = await createServer({ ...options, http: { host: "127.0.0.1", port: 0 } });
  await server.listen();
  const { origin } = server;
  const auth = { kind: "basic", user: "admin", password: "secret place" } as const;
  routes = { server: store, direct: directStore(new NaruApi({ origin, auth, fetch: network.fetch }), network) };
  closing.push(
    () => server.close(),
    () => store.close(),
    () => wire[Symbol.asyncDispose](),
  );
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
  for (const close of closing) await close();
});

async function refusalOn(route: keyof typeof routes): Promise<unknown> {
  const upload = await routes[route].create({ path: `${route}.bin`, size: bytes.size });
  try {
    return await upload.put(part, bytes, { digest }).catch((error: unknown) => error);
  } finally {
    wire.fault = () => undefined;
    await upload.abort();
  }
}

const answers: readonly (readonly [number, string, FailureCode])[] = [
  [400, "BadDigest", "checksum-mismatch"],
  [400, "ExpiredToken", "expired"],
  [400, "IncompleteBody", "short-body"],
  [400, "RequestTimeout", "unavailable"],
  [400, "WhatNobodyKnows", "invalid"],
  [403, "AccessDenied", "forbidden"],
  [403, "RequestTimeTooSkewed", "expired"],
  [403, "SignatureDoesNotMatch", "forbidden"],
  [404, "NoSuchUpload", "not-found"],
  [412, "PreconditionFailed", "conflict"],
  [413, "EntityTooLarge", "too-large"],
  [418, "WhatNobodyKnows", "invalid"],
  [500, "InternalError", "unavailable"],
  [501, "NotImplemented", "unsupported"],
  [503, "SlowDown", "throttled"],
  [507, "QuotaExceeded", "no-space"],
];

test.each(answers)("a part that the store refuses with %i %s is %s on both routes", async (status, code, failure) => {
  for (const route of ["server", "direct"] as const) {
    wire.fault = (exchange) => (exchange.part === undefined ? undefined : { kind: "answer", status, code });
    expect(await refusalOn(route), route).toMatchObject({ code: failure });
  }
});
