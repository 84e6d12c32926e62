import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { gatherWrites } from "@naru/core/node";
import ssh2, { type ClientChannel } from "ssh2";
import { expect, test } from "vitest";
import { makeHostKey, sshTransport } from "../../src/sftp/ssh2.ts";

/** What reaches the system, one text for each call. */
function socketTelling(calls: string[]): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      calls.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      calls.push(chunks.map(({ chunk }) => String(chunk)).join("+"));
      done();
    },
  });
}

test("what is written in one turn leaves together, the next turn's by itself", async () => {
  const calls: string[] = [];
  const socket = socketTelling(calls);
  gatherWrites(socket);
  for (const piece of ["length", "contents", "tag"]) socket.write(piece);
  await nextTurn();
  socket.write("more");
  await nextTurn();
  expect(calls).toEqual(["length+contents+tag", "more"]);
});

test("what was written in the turn of the end still leaves", async () => {
  const calls: string[] = [];
  const socket = socketTelling(calls);
  gatherWrites(socket);
  socket.write("farewell");
  socket.end();
  await once(socket, "finish");
  expect(calls).toEqual(["farewell"]);
});

test("what SSH writes in one turn leaves the server with one call, and no packet leaves in pieces", async () => {
  const calls: Buffer[] = [];
  let before = 0;
  const options = { hostKeys: [await makeHostKey("ed25519")], keepaliveMs: 0, keepaliveTries: 0 };
  const transport = sshTransport(options, (connection) => {
    connection.on("authentication", (ask) => ask.accept());
    connection.on("session", (accept) => {
      accept().once("exec", (take) => {
        before = calls.length;
        const channel = take();
        channel.write(Buffer.alloc(100_000));
        channel.exit(0);
        channel.end();
      });
    });
  });
  const server = createServer((socket) => {
    recordCalls(socket, calls);
    transport.begin(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const client = new ssh2.Client();
  const cipher = ["aes128-gcm@openssh.com" as const];
  client.connect({ host: "127.0.0.1", port, username: "ann", password: "secret", algorithms: { cipher } });
  await once(client, "ready");
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.exec("say", (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  let received = 0;
  for await (const chunk of channel) received += chunk.length;
  client.end();
  server.close();
  expect(received).toBe(100_000);
  // Packets of 32 KiB, and the word that the command has begun.
  expect(packetsOf(calls)[before]).toBeGreaterThan(4);
});

/** Record what a socket hands to the system, a buffer for each call. */
function recordCalls(socket: Socket, calls: Buffer[]): void {
  const { _write: write, _writev: writev } = socket;
  socket._write = (chunk, encoding, done) => {
    calls.push(Buffer.from(chunk, "latin1"));
    write.call(socket, chunk, encoding, done);
  };
  socket._writev = (chunks, done) => {
    calls.push(Buffer.concat(chunks.map(({ chunk }) => Buffer.from(chunk, "latin1"))));
    writev?.call(socket, chunks, done);
  };
}

/**
 * Count the packets of each call, on a connection with AES-GCM, which leaves their lengths in clear (RFC 5647, 7.3).
 *
 * @throws {Error} when a call ends within a packet
 */
function packetsOf(calls: readonly Buffer[]): readonly number[] {
  const newKeys = 21;
  let tagSize = 0;
  return calls.map((call) => {
    let count = 0;
    let at = call.toString("latin1", 0, 4) === "SSH-" ? call.indexOf("\n") + 1 : 0;
    for (; at < call.length; count += 1) {
      const isLastInClear = tagSize === 0 && call[at + 5] === newKeys;
      at += 4 + call.readUInt32BE(at) + tagSize;
      if (isLastInClear) tagSize = 16;
    }
    if (at !== call.length) throw new Error("A call ended within a packet");
    return count;
  });
}
