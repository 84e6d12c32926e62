/** A relay that counts what goes through it, so that nobody has to be believed. */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "../naru.ts";

/** Bytes towards the server and back. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  readonly up: number;
  readonly down: number;
}

/** Pass connections at a free port of `host` on to `port`. */
export async function countingRelay(host: string, port: number): Promise<Relay> {
  const counts = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, host);
    pass(near, far, (bytes) => {
      counts.up += bytes;
    });
    pass(far, near, (bytes) => {
      counts.down += bytes;
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
  });
  const own = await freePort(host);
  server.listen(own, host);
  await once(server, "listening");
  return {
    port: own,
    get up() {
      return counts.up;
    },
    get down() {
      return counts.down;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What breaks on one side is broken on the other. */
function pass(from: Socket, to: Socket, count: (bytes: number) => void): void {
  from.on("data", (chunk) => {
    count(chunk.length);
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}
