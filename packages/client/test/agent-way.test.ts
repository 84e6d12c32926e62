import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { AgentFeed, AgentGrant } from "@naru/core";
import { expect, test } from "vitest";
import type { AgentEvent } from "../src/browser/agent-link.ts";
import { type FeedLink, feedOver } from "../src/browser/agent-way.ts";

const size = 4_000_000;
const grant: AgentGrant = { durable: 0, credit: size, rewinds: 0, missing: [{ start: 0, end: size }] };
const transfer: AgentFeed["transfer"] = {
  id: "t1",
  name: "file.bin",
  path: "file.bin",
  speed: 0,
  size,
  confirmed: 0,
  inFlight: 0,
  unfed: size,
  state: "waiting",
  way: "full",
};

test("a PUT that waits for bytes which the agent has lost is given up, and they are fed again", async () => {
  const heard = new Set<(event: AgentEvent) => void>();
  const tell = (change: Partial<AgentGrant>): void => {
    for (const listener of heard) listener({ kind: "grant", channel: 1, grant: { ...grant, ...change } });
  };
  const offsets: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    offsets.push(new URL(request.url ?? "", "http://agent").searchParams.get("offset") ?? "");
    if (offsets.length === 1) {
      // What came is lost with the disk: this PUT is never answered.
      await once(request, "data");
      const held = 1_000_000;
      tell({ durable: held, credit: size - held, rewinds: 1, missing: [{ start: held, end: size }] });
      return;
    }
    for await (const _ of request);
    tell({ durable: size, credit: 0, rewinds: 1, missing: [] });
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const link: FeedLink = {
    port,
    buffered: 0,
    closed: new Promise(() => undefined),
    send: () => undefined,
    listen: (listener) => {
      heard.add(listener);
      return () => heard.delete(listener);
    },
  };
  try {
    const feed: AgentFeed = { transfer, channel: 1, key: "key", grant };
    await feedOver(link, new Blob([new Uint8Array(size)]), feed, "put");
    expect(offsets).toEqual(["0", "1000000"]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
