import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { crc64 } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../../../test/peers/azurite.ts";
import { blobSas } from "../../src/stores/azure/blob-sas.ts";
import { serviceVersion } from "../../src/stores/azure/service-version.ts";
import { sharedKeyHeader } from "../../src/stores/azure/shared-key.ts";
import { openAzure } from "./opened-container.ts";

let azurite: Azurite;
let place: Awaited<ReturnType<typeof openAzure>>;

beforeAll(async () => {
  azurite = await startAzurite();
  place = await openAzure(azurite);
});

afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await azurite?.[Symbol.asyncDispose]();
});

const size = 300_001;
const partSize = 65_536;

describe("what Naru wrote, Microsoft's client reads, and the other way round", () => {
  test("a file of many parts", async () => {
    const bytes = Uint8Array.from(randomBytes(size));
    const upload = await place.store.create({ path: "폴더/ours.bin", size, partSize, type: "video/mp4" });
    for (let number = 1; (number - 1) * partSize < size; number++) {
      const offset = (number - 1) * partSize;
      const body = bytes.subarray(offset, offset + partSize);
      await upload.put({ number, offset, size: body.length }, new Blob([body]));
    }
    await upload.complete();
    const blob = place.client.getBlockBlobClient("폴더/ours.bin");
    expect((await blob.downloadToBuffer()).equals(bytes)).toBe(true);
    expect(await blob.getProperties()).toMatchObject({ contentType: "video/mp4", contentLength: size });
  });

  test("a file that it uploaded in blocks", async () => {
    const bytes = Uint8Array.from(randomBytes(size));
    const blob = place.client.getBlockBlobClient("theirs 1+2%.bin");
    const blobHTTPHeaders = { blobContentType: "video/mp4" };
    await blob.uploadData(bytes, { blockSize: partSize, maxSingleShotSize: 1, blobHTTPHeaders });
    const { files } = await place.store.list({ prefix: "theirs" });
    expect(files).toMatchObject([{ path: "theirs 1+2%.bin", size, type: "video/mp4" }]);
    const read = async () =>
      new Uint8Array(await new Response(await place.store.read("theirs 1+2%.bin")).arrayBuffer());
    expect(crc64(await read())).toBe(crc64(bytes));
    await place.store.move("theirs 1+2%.bin", "ours now.bin");
    expect((await place.client.getBlobClient("ours now.bin").downloadToBuffer()).equals(bytes)).toBe(true);
  });
});

test("requests are signed as Microsoft's client signs them", async () => {
  const seen: { method: string; url: string; headers: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    seen.push({ method: request.method ?? "", url: `http://service${request.url}`, headers });
    request.resume();
    response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { account, key } = azurite;
  const service = new BlobServiceClient(
    `http://127.0.0.1:${port}/${account}`,
    new StorageSharedKeyCredential(account, key),
    { retryOptions: { maxTries: 1 } },
  );
  const container = service.getContainerClient("files");
  const blob = container.getBlockBlobClient("서명/a b+c%.bin");
  const refused = () => undefined;
  await blob.upload("abc", 3, { metadata: { naru_upload: "x", mtime: "1" } }).catch(refused);
  await blob.stageBlock("MDAwMDAx", "abcdef", 6).catch(refused);
  await blob.download(0, 2, { conditions: { ifMatch: '"0x8D"' } }).catch(refused);
  await container.listBlobsByHierarchy("/", { prefix: "서명/" }).next().catch(refused);
  server.closeAllConnections();
  server.close();
  expect(seen.map(({ method }) => method)).toEqual(["PUT", "PUT", "GET", "GET"]);
  for (const { method, url, headers } of seen) {
    const { authorization, ...rest } = headers;
    expect(sharedKeyHeader({ method, url, headers: rest }, { account, key })).toBe(authorization);
  }
});

describe("a shared access signature is the one that Microsoft's client makes for the same moment", () => {
  const container = "files";
  const name = "폴더/a b+c%.bin";
  const [starts, expires] = [new Date("2026-11-30T00:00:00Z"), new Date("2026-11-30T08:00:00Z")];
  const disposition = "attachment; filename*=UTF-8''%ED%8F%B4";
  const signatureOf = (query: string) => new URLSearchParams(query).get("sig");
  const grants = [
    { permissions: "w", httpsOnly: true },
    { permissions: "r", httpsOnly: false, disposition, type: "text/plain" },
  ] as const;
  const wishOf = (grant: (typeof grants)[number]) => ({
    containerName: container,
    blobName: name,
    version: serviceVersion,
    expiresOn: expires,
    permissions: BlobSASPermissions.parse(grant.permissions),
    ...(grant.httpsOnly && { protocol: SASProtocol.Https }),
    ...("type" in grant && { contentType: grant.type, contentDisposition: grant.disposition }),
  });

  test("by the account's key", () => {
    const { account, key } = azurite;
    for (const grant of grants) {
      const ours = blobSas({ of: "account", value: key }, { account, container, name, expires, ...grant });
      const theirs = generateBlobSASQueryParameters(wishOf(grant), new StorageSharedKeyCredential(account, key));
      expect(signatureOf(ours)).toBe(theirs.signature);
      expect(Object.fromEntries(new URLSearchParams(ours))).toEqual(
        Object.fromEntries(new URLSearchParams(theirs.toString())),
      );
    }
  });

  test("by a user delegation key", () => {
    const account = "mycompany";
    const key = {
      objectId: "11111111-1111-1111-1111-111111111111",
      tenantId: "22222222-2222-2222-2222-222222222222",
      starts: "2026-11-30T00:00:00Z",
      expires: "2026-12-01T00:00:00Z",
      service: "b",
      version: serviceVersion,
      value: azurite.key,
    };
    const delegation = {
      signedObjectId: key.objectId,
      signedTenantId: key.tenantId,
      signedStartsOn: starts,
      signedExpiresOn: new Date(key.expires),
      signedService: key.service,
      signedVersion: key.version,
      value: key.value,
    };
    for (const grant of grants) {
      const ours = blobSas({ of: "delegation", key }, { account, container, name, expires, ...grant });
      const theirs = generateBlobSASQueryParameters(wishOf(grant), delegation, account);
      expect(signatureOf(ours)).toBe(theirs.signature);
      expect(Object.fromEntries(new URLSearchParams(ours))).toEqual(
        Object.fromEntries(new URLSearchParams(theirs.toString())),
      );
    }
  });
});
