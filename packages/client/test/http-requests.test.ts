import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createPlainServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { type Body, TransferError } from "@naru/core";
import { afterAll, afterEach, expect, test } from "vitest";
import { openRequests } from "../src/node/http-requests.ts";
import { openNetwork } from "../src/node/index.ts";

const network = openNetwork();
const opened: AsyncDisposable[] = [];
afterAll(() => network[Symbol.asyncDispose]());
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    [Symbol.asyncDispose]: async () => {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

function serve(listener: RequestListener): Promise<string> {
  return listening(createServer(listener));
}

const chunkSize = 256 * 1024;

/** A body of `size` bytes that claims to have `said`, and counts what was read of it. */
function counting(size: number, said = size): Body & { read: number } {
  const body = {
    size: said,
    read: 0,
    stream: (): ReadableStream<Uint8Array<ArrayBuffer>> => new Blob([new Uint8Array(size)]).stream(),
    *chunks() {
      for (let at = 0; at < size; at += chunkSize) {
        const chunk = new Uint8Array(Math.min(chunkSize, size - at));
        body.read += chunk.length;
        yield chunk;
      }
    },
  };
  return body;
}

function put(url: string, body: Body, options: { signal?: AbortSignal; onProgress?: (sent: number) => void } = {}) {
  return network.send({ method: "PUT", url, headers: {}, body, ...options });
}

test("an answer that comes before the body has gone is heard, and no more is read of the body", async () => {
  const origin = await serve((_, response) => response.writeHead(403, { connection: "close" }).end("expired"));
  const body = counting(256 * chunkSize);
  const answer = await put(origin, body);
  expect([answer.status, await answer.text()]).toEqual([403, "expired"]);
  expect(body.read).toBeLessThan(body.size);
});

test("a part that asks for a connection of its own gets one, and leaves none behind", async () => {
  const ports: (number | undefined)[] = [];
  const closed: Promise<unknown>[] = [];
  const origin = await serve(async (request, response) => {
    ports.push(request.socket.remotePort);
    if (request.url === "/fresh") closed.push(once(request.socket, "close"));
    await buffer(request);
    response.end();
  });
  for (const path of ["/", "/fresh", "/fresh", "/"]) {
    const send = { method: "PUT", url: `${origin}${path}`, headers: {}, body: counting(3) } as const;
    await network.send({ ...send, fresh: path === "/fresh" });
  }
  await Promise.all(closed);
  expect(new Set(ports).size).toBe(3);
  expect(ports[3]).toBe(ports[0]);
});

test("parts that follow one another share a connection, though nobody reads what the first answers said", async () => {
  const ports = new Set<number | undefined>();
  const origin = await serve(async (request, response) => {
    ports.add(request.socket.remotePort);
    response.setHeader("etag", `"${(await buffer(request)).length}"`).end("as it should be");
  });
  for (const size of [chunkSize, 3, 2 * chunkSize]) {
    const answer = await put(origin, counting(size));
    expect([answer.status, answer.headers.get("ETag")]).toEqual([200, `"${size}"`]);
  }
  expect(ports.size).toBe(1);
});

test("a connection that is closed in the middle of a body, or without an answer, says that nobody was reached", async () => {
  const inTheMiddle = await serve((request) => request.once("data", () => request.socket.destroy()));
  await expect(put(inTheMiddle, counting(64 * chunkSize))).rejects.toMatchObject({ code: "unreachable" });
  const atTheEnd = await serve(async (request) => {
    await buffer(request);
    request.socket.end();
  });
  await expect(put(atTheEnd, counting(3))).rejects.toMatchObject({ code: "unreachable" });
});

test("an answer that breaks off is no answer", async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("half", () => response.socket?.destroy());
  });
  await expect(put(origin, counting(0))).rejects.toMatchObject({ code: "unreachable" });
});

test("a body that is shorter or longer than it says is refused, and never a whole request", async () => {
  let whole = 0;
  const origin = await serve(async (request, response) => {
    await buffer(request).then(
      () => (whole += 1),
      () => undefined,
    );
    response.end();
  });
  await expect(put(origin, counting(chunkSize, 2 * chunkSize))).rejects.toMatchObject({ code: "short-body" });
  await expect(put(origin, counting(2 * chunkSize, chunkSize))).rejects.toMatchObject({ code: "short-body" });
  expect(whole).toBe(0);
});

test("what goes wrong where the bytes come from is told as it is", async () => {
  const origin = await serve((request) => request.resume());
  const changed = new TransferError("file-changed", "Cannot send it: it became shorter");
  const body = {
    ...counting(2 * chunkSize),
    *chunks() {
      yield new Uint8Array(chunkSize);
      throw changed;
    },
  };
  await expect(put(origin, body)).rejects.toBe(changed);
});

test("an abort ends a body in the middle, with its reason", async () => {
  const origin = await serve((request) => request.pause());
  const stop = new AbortController();
  const reason = new Error("stopped by the user");
  const onProgress = (): void => stop.abort(reason);
  const body = counting(256 * chunkSize);
  await expect(put(origin, body, { signal: stop.signal, onProgress })).rejects.toBe(reason);
  expect(body.read).toBeLessThan(body.size);
});

test("a provisional answer is not taken for the answer", async () => {
  const origin = await serve(async (request, response) => {
    response.writeContinue();
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    response.end(String((await buffer(request)).length));
  });
  const answer = await put(origin, counting(chunkSize));
  expect([answer.status, await answer.text()]).toEqual([200, String(chunkSize)]);
});

test("a kept connection that was closed while nobody looked is not used", async () => {
  const sockets = new Set<Socket>();
  const origin = await serve((request, response) => {
    sockets.add(request.socket);
    response.end("here");
  });
  for (let time = 0; time < 5; time += 1) {
    const answer = await network.fetch(origin, { method: "POST", body: "hello" });
    expect(await answer.text()).toBe("here");
    await setImmediate();
    for (const socket of sockets) socket.destroy();
  }
  expect(sockets.size).toBe(5);
});

test("answers without a body leave their connection to others, though nobody reads them", async () => {
  const ports = new Set<number | undefined>();
  const origin = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.setHeader("content-length", 5).end();
  });
  for (let time = 0; time < 3; time += 1) {
    await network.fetch(origin, { method: "HEAD" });
    await setImmediate();
  }
  expect(ports.size).toBe(1);
});

test("a network tells to begin with few parts once it has found a host near", async () => {
  const url = await serve((_request, answer) => void answer.end());
  await using near = openNetwork();
  expect([near.initialConcurrency(), near.isFar()]).toEqual([undefined, true]);
  // A machine with much to do may seem far away for a while.
  for (let tries = 0; near.initialConcurrency() === undefined && tries < 20; tries++) {
    await near.send({ method: "PUT", url, headers: {}, body: new Blob(["x"]), fresh: true });
  }
  expect([near.initialConcurrency(), near.isFar()]).toEqual([6, false]);
});

test("a control call follows a redirect", async () => {
  const origin = await serve(async (request, response) => {
    if (request.url === "/old") response.writeHead(307, { location: "/new" }).end();
    else response.end(`${request.method} ${request.url} ${await buffer(request)}`);
  });
  const answer = await network.fetch(`${origin}/old`, { method: "POST", body: "hello" });
  expect([answer.ok, await answer.text()]).toEqual([true, "POST /new hello"]);
});

test("a host that takes the connection and says nothing is given up in time", async () => {
  const origin = await listening(
    createPlainServer((socket) => opened.push({ [Symbol.asyncDispose]: async () => void socket.destroy() })),
  );
  const requests = openRequests({ connections: 1, connectTimeoutMs: 50 });
  const url = origin.replace("http:", "https:");
  await expect(requests.request({ method: "GET", url, headers: {} })).rejects.toMatchObject({ code: "unreachable" });
  requests.close();
});
