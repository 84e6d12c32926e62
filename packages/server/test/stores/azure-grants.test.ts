/** What the holder of a signed part's address can do beyond sending the part, and what the server makes of it. */

import { createHash } from "node:crypto";
import { crc64, type SignedParts } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../../../test/peers/azurite.ts";
import { createServer, silentLog } from "../../src/index.ts";
import { azureStore } from "../../src/stores/azure/azure-store.ts";
import { Client, verdict } from "../http/client.ts";
import { openAzure } from "./opened-container.ts";
import { tempFolder } from "./temp-folder.ts";

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

async function start(dataDir: string) {
  const store = azureStore(place.options);
  const http = { host: "127.0.0.1", port: 0 };
  const server = await createServer({ store, dataDir, logger: silentLog(), adminPassword: "naru-naru", http });
  await server.listen();
  const client = Client.basic(server.origin, "admin", "naru-naru");
  const close = async (): Promise<void> => {
    await server.close();
    await store.close();
  };
  return { client, [Symbol.asyncDispose]: close };
}

test("an address that writes parts cannot lead its upload to another name: the server goes by what it noted itself", async () => {
  await using folder = await tempFolder();
  await place.plant("boss/salary.txt", new TextEncoder().encode("mine"));
  const body = "evil";
  let id: string;
  {
    await using before = await start(folder.path);
    ({ id } = await before.client.create({ path: "guest/a.txt", size: body.length, conflict: "overwrite" }));
    const digest = { number: 1, md5: createHash("md5").update(body).digest("hex"), crc64: crc64(Buffer.from(body)) };
    const answer = await before.client.json("POST", `/api/uploads/${id}/parts`, { parts: [digest] });
    const { parts } = (await answer.json()) as SignedParts;
    const [{ url = "", headers = {} } = {}] = parts;
    expect((await fetch(url, { method: "PUT", headers, body })).status).toBe(201);
    // The same signature writes the metadata of the upload's own blob.
    const own = new URL(url);
    const name = decodeURIComponent(own.pathname.split("/").slice(3).join("/"));
    const { metadata = {} } = await place.client.getBlobClient(name).getProperties();
    const said = JSON.parse(Buffer.from(metadata["naru_spec"] ?? "", "base64url").toString("utf8"));
    const spec = Buffer.from(JSON.stringify({ ...said, path: "boss/salary.txt" })).toString("base64url");
    own.searchParams.set("comp", "metadata");
    own.searchParams.delete("blockid");
    const changed = { ...metadata, naru_spec: spec };
    const sent = Object.fromEntries(Object.entries(changed).map(([key, value]) => [`x-ms-meta-${key}`, value]));
    const forged = await fetch(own, { method: "PUT", headers: { ...sent, "x-ms-version": "2021-12-02" } });
    expect(forged.status).toBe(200);
  }
  await using after = await start(folder.path);
  const done = await verdict(after.client.json("POST", `/api/uploads/${id}/complete`, {}));
  const salary = await new Response(await place.store.read("boss/salary.txt")).text();
  expect([done, salary]).toEqual(["404 not-found", "mine"]);
  expect(await verdict(after.client.call("DELETE", `/api/uploads/${id}`))).toBe("204 fine");
  const left = [];
  for await (const { name } of place.client.listBlobsFlat({ includeUncommitedBlobs: true })) left.push(name);
  expect(left).toEqual(["boss/salary.txt"]);
});
