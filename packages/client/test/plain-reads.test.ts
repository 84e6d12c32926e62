/** Reads without TLS against servers that answer in every way that HTTP allows, and some that it does not. */

import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { MiB, type TransferError } from "@naru/core";
import { afterEach, describe, expect, test } from "vitest";
import type { GetBytes, GetResponse } from "../src/get-bytes.ts";
import { openPlainReads } from "../src/node/plain-reads.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that is told of each request on each of its connections, counted from 1. */
async function raw(onRequest: (socket: Socket, connection: number) => void): Promise<string> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    const number = connections;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      if (bytes.toString("latin1").endsWith("\r\n\r\n")) onRequest(socket, number);
    });
  });
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

const elsewhere: GetResponse = {
  status: 299,
  headers: new Headers(),
  body: (async function* () {})(),
  discard: () => undefined,
};

function reads() {
  const others: string[] = [];
  const whole: GetBytes = async (url) => {
    others.push(url);
    return elsewhere;
  };
  const opened = openPlainReads(whole, { connectTimeoutMs: 5_000 });
  cleanups.push(() => opened.close());
  return { ...opened, others };
}

async function bytesOf(answer: GetResponse): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const ok = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe("reads without TLS", () => {
  test("a long body comes whole, and its memory is used again once it is given back", async () => {
    const body = Buffer.alloc(9 * MiB + 12_345, "what is in it ");
    const server = createHttpServer((_, answer) => answer.end(body));
    cleanups.push(() => server.close());
    const url = await listening(server);
    const { get, giveBack } = reads();
    const memories = new Set<ArrayBufferLike>();
    for (let time = 0; time < 3; time += 1) {
      let at = 0;
      for await (const chunk of (await get(url, {})).body) {
        expect(body.subarray(at, at + chunk.length).equals(chunk)).toBe(true);
        at += chunk.length;
        memories.add(chunk.buffer);
        giveBack(chunk);
        giveBack(chunk);
      }
      expect(at).toBe(body.length);
    }
    expect(memories.size).toBeLessThan(10);
  });

  test("chunks that nobody gives back keep what they hold", async () => {
    const body = Buffer.alloc(5 * MiB, "abcdefghijk");
    const server = createHttpServer((_, answer) => answer.end(body));
    cleanups.push(() => server.close());
    const { get } = reads();
    const url = await listening(server);
    const [first, second] = await Promise.all([get(url, {}).then(bytesOf), get(url, {}).then(bytesOf)]);
    expect(first.equals(body) && second.equals(body)).toBe(true);
  });

  test("one connection serves one answer after another", async () => {
    const url = await raw((socket, connection) => socket.write(ok(`connection ${connection}`)));
    const { get } = reads();
    for (let time = 0; time < 3; time += 1) {
      expect((await bytesOf(await get(url, {}))).toString()).toBe("connection 1");
    }
  });

  test("a head that comes byte by byte, after others that only say to wait, is read as one", async () => {
    const url = await raw((socket) => {
      const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok("after all")}`;
      socket.setNoDelay(true);
      for (const letter of text) socket.write(letter);
    });
    const answer = await reads().get(url, {});
    expect([answer.status, (await bytesOf(answer)).toString()]).toEqual([200, "after all"]);
  });

  test("a head whose lines end in a line feed alone is read all the same", async () => {
    const heads = ["HTTP/1.1 200 OK\nContent-Length: 3\n\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\n"];
    for (const head of heads) {
      const url = await raw((socket) => socket.write(`HTTP/1.1 103 Early Hints\n\n${head}abc`));
      const { get, others } = reads();
      const answer = await get(url, {});
      expect([answer.status, (await bytesOf(answer)).toString(), others]).toEqual([200, "abc", []]);
    }
  });

  test("bodies in chunks, or up to the end of the connection, and odd heads are left to the other client, for good", async () => {
    const heads = [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n folded\r\n\r\nabc",
      "SSH-2.0-OpenSSH\r\n\r\n",
      `HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`,
    ];
    for (const head of heads) {
      let asked = 0;
      const url = await raw((socket) => {
        asked += 1;
        socket.write(head);
      });
      const { get, others } = reads();
      expect((await get(url, {})).status).toBe(299);
      expect((await get(url, {})).status).toBe(299);
      expect([others.length, asked]).toEqual([2, 1]);
    }
  });

  test("what is no plain HTTP, or holds a line break in a header, is left to the other client", async () => {
    const { get, others } = reads();
    await get("https://127.0.0.1:1/", {});
    await get("http://127.0.0.1:1/", { range: "bytes=0-1\r\nx: y" });
    expect(others).toHaveLength(2);
  });

  test("a connection that was closed while it rested is replaced", async () => {
    let hangUp: () => void = () => undefined;
    const url = await raw((socket, connection) => {
      if (connection === 1) hangUp = () => socket.destroy();
      // The second request on the first connection gets no answer but its end.
      if (socket.bytesRead > 100 && connection === 1) hangUp();
      else socket.write(ok(`connection ${connection}`));
    });
    const { get } = reads();
    const long = { range: "bytes=0-10", "if-match": "x" };
    expect((await bytesOf(await get(url, long))).toString()).toBe("connection 1");
    expect((await bytesOf(await get(url, long))).toString()).toBe("connection 2");
  });

  test("of a body that is cut off, what has come is given before the failure", async () => {
    const url = await raw((socket) => {
      socket.write("HTTP/1.1 206 Partial Content\r\nContent-Length: 100\r\n\r\nhalf of it");
      socket.end();
    });
    const answer = await reads().get(url, {});
    let got = "";
    const reading = (async () => {
      for await (const chunk of answer.body) got += Buffer.from(chunk).toString();
    })();
    await expect(reading).rejects.toMatchObject({ code: "unreachable" } satisfies Partial<TransferError>);
    expect(got).toBe("half of it");
  });

  test("a few bytes of a slow body are given as they come", async () => {
    let goOn: () => void = () => undefined;
    const url = await raw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
      goOn = () => socket.write("def");
    });
    const chunks = (await reads().get(url, {})).body[Symbol.asyncIterator]();
    expect(Buffer.from((await chunks.next()).value).toString()).toBe("abc");
    goOn();
    expect(Buffer.from((await chunks.next()).value).toString()).toBe("def");
    expect((await chunks.next()).done).toBe(true);
  });

  test("an abort ends a read with its reason, before the answer and within it", async () => {
    const url = await raw((socket, connection) => {
      if (connection === 2) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
      ended.get(connection)?.abort(new Error("enough"));
    });
    const ended = new Map([1, 2].map((connection) => [connection, new AbortController()]));
    const { get } = reads();
    await expect(get(url, {}, { signal: ended.get(1)?.signal })).rejects.toThrow("enough");
    const reading = get(url, {}, { signal: ended.get(2)?.signal }).then(bytesOf);
    await expect(reading).rejects.toThrow("enough");
  });

  test("an answer that asks for the end of the connection is the last one on it, and one without a body is whole at once", async () => {
    const url = await raw((socket, connection) => {
      if (connection === 1) socket.end("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
      else socket.write(ok(`connection ${connection}`));
    });
    const { get } = reads();
    const first = await get(url, {});
    expect([first.status, (await bytesOf(first)).length]).toEqual([304, 0]);
    expect((await bytesOf(await get(url, {}))).toString()).toBe("connection 2");
  });

  test("nobody reads what is not asked for: a body waits in the connection", async () => {
    let sent = 0;
    const server = createHttpServer((_, answer) => {
      const more = (): void => {
        while (sent < 64 * MiB) {
          sent += MiB;
          if (!answer.write(Buffer.alloc(MiB))) return void answer.once("drain", more);
        }
        answer.end();
      };
      answer.setHeader("content-length", 64 * MiB);
      more();
    });
    cleanups.push(() => server.closeAllConnections());
    const url = await listening(server);
    const answer = await reads().get(url, {});
    const chunks = answer.body[Symbol.asyncIterator]();
    await chunks.next();
    // Another answer on another connection is a moment in which the first could have run ahead.
    const other = await raw((socket) => socket.write(ok("meanwhile")));
    for (let time = 0; time < 20; time += 1) await bytesOf(await reads().get(other, {}));
    expect(sent).toBeLessThan(48 * MiB);
    let rest = 0;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) rest += next.value.length;
    expect(rest).toBeGreaterThan(60 * MiB);
  });

  test("a host that refuses connections is unreachable", async () => {
    const server = createServer();
    const url = await listening(server);
    server.close();
    await expect(reads().get(url, {})).rejects.toMatchObject({ code: "unreachable" });
  });
});
