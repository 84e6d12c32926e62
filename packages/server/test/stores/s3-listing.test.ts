/** Listings of a store that tells them wrongly: half of one must not pass for the whole, and none may go on for ever. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ceph } from "../../src/stores/profiles/ceph.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";

let token = "";
const liar = createServer((_request, response) => {
  const next = token === "" ? "" : `<NextContinuationToken>${token}</NextContinuationToken>`;
  const one =
    "<Contents><Key>a</Key><Size>1</Size><ETag>e</ETag><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>";
  response.setHeader("content-type", "application/xml");
  response.end(`<ListBucketResult><IsTruncated>true</IsTruncated>${next}${one}</ListBucketResult>`);
});
beforeAll(async () => {
  liar.listen(0, "127.0.0.1");
  await once(liar, "listening");
});
afterAll(() => {
  liar.closeAllConnections();
  liar.close();
});

test.each([
  ["tells that there is more, and not where", ""],
  ["leads to the same page again", "again"],
])("a listing that %s is an error", async (_what, next) => {
  token = next;
  const { port } = liar.address() as AddressInfo;
  const store = s3Store({
    bucket: "b",
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    style: "path",
    profile: ceph,
    credentials: async () => ({ accessKeyId: "a", secretAccessKey: "s" }),
  });
  const all = async (cursor?: string): Promise<void> => {
    const page = await store.list({ cursor });
    if (page.cursor !== undefined) await all(page.cursor);
  };
  await expect(all()).rejects.toThrow("leads to no further page");
  await store.close();
});
