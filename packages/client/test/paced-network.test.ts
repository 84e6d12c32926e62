import { createServer, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Clock } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Network, openNetwork, pacedNetwork } from "../src/node/index.ts";

const bytes = new Uint8Array(1024 * 1024).map((_, index) => index % 251);
/** A clock that passes only while somebody sleeps, one after another. */
const clock: Clock & { ms: number } = {
  ms: 0,
  now: () => clock.ms,
  async sleep(ms) {
    const until = clock.ms + ms;
    await new Promise((resolve) => setImmediate(resolve));
    clock.ms = Math.max(clock.ms, until);
  },
};

let [server, store]: (Server | undefined)[] = [];
let network: Network;
const [got, urls]: [Buffer[], string[]] = [[], []];

async function listen(): Promise<Server> {
  const one = createServer(async (request, response) => {
    const body = await buffer(request);
    if (request.method !== "GET") got.push(body);
    response.end(request.method === "GET" ? bytes : `${request.headers["content-length"]} bytes`);
  });
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const address = one.address();
  urls.push(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`);
  return one;
}

beforeAll(async () => {
  server = await listen();
  store = await listen();
  network = pacedNetwork(openNetwork(), { bytesPerSecond: bytes.length, clock });
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
  for (const one of [server, store]) one?.close();
});

test("whatever goes over a paced network, to the server and to the store, there and back, keeps to one speed together", async () => {
  const [atServer = "", atStore = ""] = urls;
  const body = new Blob([bytes]);
  const part = async (url: string) => (await network.send({ method: "PUT", url, headers: {}, body })).status;
  const read = async (url: string) => {
    const { body: chunks } = await network.get(url, {});
    const read: Uint8Array[] = [];
    for await (const chunk of chunks) read.push(chunk);
    return Buffer.concat(read);
  };
  const batch = async () => {
    const answer = await network.fetch(atServer, { method: "POST", body, headers: { "x-it": "is" } });
    return [answer.status, await answer.text()];
  };
  const answers = await Promise.all([part(atServer), part(atStore), read(atServer), read(atStore), batch()]);
  expect(answers).toEqual([200, 200, Buffer.from(bytes), Buffer.from(bytes), [200, `${bytes.length} bytes`]]);
  expect(got.map((one) => one.equals(bytes))).toEqual([true, true, true]);
  expect(clock.ms).toBeGreaterThanOrEqual(4950);
  expect(clock.ms).toBeLessThan(6000);
});

test("a control call waits for nobody's bytes", async () => {
  const before = clock.ms;
  const answer = await network.fetch(urls[0] ?? "", { method: "POST", body: JSON.stringify({ a: 1 }) });
  expect([await answer.text(), clock.ms - before]).toEqual(["7 bytes", 0]);
});

test("at a low speed, what comes shows several times a second that it moves, whatever memory it was received into", async () => {
  const slow = pacedNetwork(openNetwork(), { bytesPerSecond: 64 * 1024, clock });
  const pieces: Uint8Array[] = [];
  for await (const piece of (await slow.get(urls[0] ?? "", {})).body) pieces.push(piece);
  await slow[Symbol.asyncDispose]();
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(8 * 1024);
});
