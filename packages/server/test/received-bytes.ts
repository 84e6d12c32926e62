/** A program of its own: prints how often the whole heap was collected while bytes came from a socket, unnoted and noted. */

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { KiB, MiB } from "@naru/core";
import { fullCollections } from "../../../test/harness/full-collections.ts";
import { noteBytes } from "../src/young-garbage.ts";

const size = 256 * MiB;

async function receive(note: (bytes: number) => void): Promise<void> {
  const server = createServer(async (socket) => {
    const bytes = Buffer.alloc(256 * KiB);
    for (let sent = 0; sent < size; sent += bytes.length) if (!socket.write(bytes)) await once(socket, "drain");
    socket.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const socket = connect(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
  socket.on("data", ({ length }) => note(length));
  await once(socket, "end");
  server.close();
}

const unnoted = await fullCollections(() => receive(() => undefined));
console.log(JSON.stringify([unnoted, await fullCollections(() => receive(noteBytes))]));
