import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Files, PresignReadOptions, SignedRead, Store } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { Client } from "./client.ts";

const text = "0123456789";
const etag = "of the store";

/** A store's public endpoint: signatures hold until they are made to expire. */
const signatures = new Set<string>();
const seen: IncomingMessage[] = [];
const bucket = createServer((asked, answer) => {
  seen.push(asked);
  const { searchParams } = new URL(asked.url ?? "", "http://localhost");
  if (!signatures.has(searchParams.get("signature") ?? "")) return answer.writeHead(403).end();
  const start = Number(/^bytes=(\d+)-$/u.exec(asked.headers.range ?? "")?.[1] ?? 0);
  const head = { "content-length": text.length - start, "content-range": `bytes ${start}-9/10`, etag: `"${etag}"` };
  return answer.writeHead(start === 0 ? 200 : 206, head).end(text.slice(start));
});

let door: HttpDoor;
let admin: Client;
let cookie: string;
let signed: PresignReadOptions[] = [];
let host = "localhost";

function signingStore(): Store & Files {
  return Object.assign(memoryStore(), {
    presignRead: async (_path: string, options: PresignReadOptions = {}): Promise<readonly SignedRead[]> => {
      signed.push(options);
      // A TCP server's address is an AddressInfo.
      const { port } = bucket.address() as AddressInfo;
      const signature = String(signed.length);
      signatures.add(signature);
      return [{ url: `http://${host}:${port}/object?signature=${signature}`, expires: new Date() }];
    },
  });
}

beforeAll(async () => {
  bucket.listen(0, "localhost");
  await once(bucket, "listening");
  door = await httpDoor(signingStore());
  admin = Client.basic(door.origin, door.user, door.password);
  await admin.call("PUT", "/api/files/a.txt", { body: text, headers: { "content-type": "text/html" } });
  await admin.call("PUT", "/api/files/empty", { body: "" });
  cookie = await signIn(door);
});
afterAll(async () => {
  await door.close();
  bucket.close();
});

async function signIn({ origin, user, password }: HttpDoor): Promise<string> {
  const answer = await new Client(origin, {}).json("POST", "/api/session", { user, password });
  return answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
}

/** What a browser sends when a link is followed. `fetch` would not let us say so. */
const navigation = (): Record<string, string> => ({ cookie, "sec-fetch-mode": "navigate" });

async function ask(path: string, headers: Record<string, string>, origin = door.origin): Promise<IncomingMessage> {
  const asked = request(origin + path, { headers });
  asked.end();
  const [answer] = await once(asked, "response");
  answer.resume();
  return answer;
}

test("a browser that asks for the direct route is led to the store, and again when the address has expired", async () => {
  signed = [];
  const first = await ask("/api/files/a.txt?route=direct", navigation());
  expect(first.statusCode).toBe(307);
  expect(first.headers["cache-control"]).toBe("no-store");
  expect(signed).toMatchObject([{ downloadName: "a.txt", type: "text/html", resumable: true }]);
  const address = first.headers.location ?? "";
  expect(await (await fetch(address)).text()).toBe(text);
  signatures.clear();
  expect((await fetch(address, { headers: { range: "bytes=4-" } })).status).toBe(403);
  const again = await ask("/api/files/a.txt?route=direct", { ...navigation(), range: "bytes=4-" });
  const rest = await fetch(again.headers.location ?? "", { headers: { range: "bytes=4-" } });
  expect([again.statusCode, rest.status, await rest.text()]).toEqual([307, 206, "456789"]);
  // What we were called with is not for the store.
  expect(seen.flatMap(({ headers }) => [headers.cookie, headers.authorization]).filter(Boolean)).toEqual([]);
});

test("everyone else gets the bytes through the server", async () => {
  const authorization = admin.headers["authorization"] ?? "";
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["/api/files/a.txt", navigation()],
    ["/api/files/a.txt?route=proxy", navigation()],
    ["/api/files/a.txt?route=direct", { cookie }],
    ["/api/files/a.txt?route=direct", { cookie, "sec-fetch-mode": "cors" }],
    ["/api/files/a.txt?route=direct", { authorization }],
    ["/api/files/a.txt?route=direct", { authorization, "sec-fetch-mode": "navigate" }],
    ["/api/files/a.txt?route=direct", { ...navigation(), authorization }],
    ["/api/files/empty?route=direct", navigation()],
    // The store would send a range of another content.
    ["/api/files/a.txt?route=direct", { ...navigation(), range: "bytes=4-", "if-range": '"other"' }],
  ];
  for (const [path, headers] of cases) {
    const { statusCode } = await ask(path, headers);
    expect([path, headers, statusCode]).toEqual([path, headers, 200]);
  }
});

test("a cookie is kept from a store on another port of the same host", async () => {
  host = new URL(door.origin).hostname;
  try {
    expect((await ask("/api/files/a.txt?route=direct", navigation())).statusCode).toBe(200);
  } finally {
    host = "localhost";
  }
});

test("conditions are weighed before anyone is led away", async () => {
  const { etag: tag = "" } = (await ask("/api/files/a.txt", navigation())).headers;
  const unchanged = await ask("/api/files/a.txt?route=direct", { ...navigation(), "if-none-match": tag });
  expect(unchanged.statusCode).toBe(304);
  expect((await ask("/api/files/a.txt?route=direct&etag=other", navigation())).statusCode).toBe(412);
});

test("a store that ignores If-Range, as Ceph does, gets no browsers", async () => {
  await using opened = await openS3();
  await using s3 = await httpDoor(opened.store);
  const me = Client.basic(s3.origin, s3.user, s3.password);
  await me.call("PUT", "/api/files/한글.txt", { body: text });
  const headers = { cookie: await signIn(s3), "sec-fetch-mode": "navigate" };
  const address = `/api/files/${encodeURIComponent("한글.txt")}?route=direct`;
  expect((await ask(address, headers, s3.origin)).statusCode).toBe(200);
  // Who asks for the address itself gets it; it says name and type.
  const [signedRead] =
    (await opened.store.presignRead("한글.txt", { downloadName: "한글.txt", type: "text/csv" })) ?? [];
  const answer = await fetch(signedRead?.url ?? "");
  expect(answer.headers.get("content-disposition")).toBe(
    `attachment; filename*=UTF-8''${encodeURIComponent("한글.txt")}`,
  );
  expect([answer.headers.get("content-type"), await answer.text()]).toEqual(["text/csv", text]);
});
