/** A program of its own: prints how often the whole heap was collected while bytes came from a socket, unnoted and noted. */

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { KiB, MiB } from "@naru/core";
import { noteBytes } from "../src/young-garbage.ts";

const size = 256 * MiB;

async function fullCollections(note: (bytes: number) => void): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().filter(isFull).length;
  });
  observer.observe({ entryTypes: ["gc"] });
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
  // Entries are told in a turn of their own.
  await wait(10);
  observer.disconnect();
  return count;
}

function isFull(entry: object): boolean {
  const detail: unknown = Reflect.get(entry, "detail");
  const kind: unknown = typeof detail === "object" && detail !== null ? Reflect.get(detail, "kind") : undefined;
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

console.log(JSON.stringify([await fullCollections(() => undefined), await fullCollections(noteBytes)]));
