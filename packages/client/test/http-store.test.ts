import { describeFiles, describeStore, memoryStore } from "@naru/core/testing";
import { createServer, type NaruServer, silentLog } from "@naru/server";
import { afterAll, expect, test } from "vitest";
import { httpStore, NaruApi, openNetwork } from "../src/node/index.ts";
import { httpFilesLack, httpLacks } from "./http-lacks.ts";

const network = openNetwork();
const servers: NaruServer[] = [];

async function loopback(password = "correct horse"): Promise<NaruApi> {
  const server = await createServer({
    store: memoryStore(),
    dataDir: ":memory:",
    adminPassword: password,
    logger: silentLog(),
    http: { host: "127.0.0.1", port: 0 },
  });
  servers.push(server);
  await server.listen();
  return new NaruApi({
    origin: server.origin,
    auth: { kind: "basic", user: "admin", password: "correct horse" },
    fetch: network.fetch,
  });
}

afterAll(async () => {
  await network[Symbol.asyncDispose]();
  await Promise.all(servers.map((server) => server.close()));
});

const open = async () => {
  const api = await loopback();
  const { store } = await api.session({ probe: false });
  return httpStore(api, { send: network.send, limits: store.limits });
};

describeStore("http, there and back", open, { ...httpLacks, reopen: "each opening has a server of its own" });
describeFiles("http, there and back", open, { ...httpFilesLack, plant: "`server/test/http` plants" });

test("a wrong password is unauthenticated, in words", async () => {
  const api = await loopback("another one");
  await expect(api.session()).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a server that is not there is unreachable", async () => {
  const api = new NaruApi({ origin: "http://127.0.0.1:1", fetch: network.fetch });
  await expect(api.session()).rejects.toMatchObject({ code: "unreachable", retryable: true });
  expect(await api.alive()).toBe(false);
});

test("an older holder of the lease is told that it is superseded", async () => {
  const store = await open();
  const older = await store.create({ path: "a", size: 3 });
  await store.resume(older.id);
  const part = { number: 1, offset: 0, size: 3 };
  await expect(older.put(part, new Blob(["abc"]))).rejects.toMatchObject({ code: "superseded" });
});
