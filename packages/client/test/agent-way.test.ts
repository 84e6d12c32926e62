import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
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

const feed: AgentFeed = { transfer, channel: 1, key: "key", grant };

/** What a page sees of an agent: where bytes go, and what it says of them. */
async function openAgent(listener: RequestListener) {
  const heard = new Set<(event: AgentEvent) => void>();
  const tell = (event: AgentEvent): void => {
    for (const hear of heard) hear(event);
  };
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const link: FeedLink = {
    port,
    buffered: 0,
    closed: new Promise(() => undefined),
    send: () => undefined,
    listen: (hear) => {
      heard.add(hear);
      return () => heard.delete(hear);
    },
  };
  return {
    link,
    tell,
    grants: (change: Partial<AgentGrant>) => tell({ kind: "grant", channel: 1, grant: { ...grant, ...change } }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("a PUT that waits for bytes which the agent has lost is given up, and they are fed again", async () => {
  const offsets: string[] = [];
  await using agent = await openAgent(async (request, response) => {
    offsets.push(new URL(request.url ?? "", "http://agent").searchParams.get("offset") ?? "");
    if (offsets.length === 1) {
      // What came is lost with the disk: this PUT is never answered.
      await once(request, "data");
      const held = 1_000_000;
      agent.grants({ durable: held, credit: size - held, rewinds: 1, missing: [{ start: held, end: size }] });
      return;
    }
    for await (const _ of request);
    agent.grants({ durable: size, credit: 0, rewinds: 1, missing: [] });
    response.end("{}");
  });
  await feedOver(agent.link, new Blob([new Uint8Array(size)]), feed, "put");
  expect(offsets).toEqual(["0", "1000000"]);
});

test("a PUT under way ends when the agent has released the transfer, though nobody answers it", async () => {
  let closed: Promise<unknown> | undefined;
  await using agent = await openAgent(async (request) => {
    closed = once(request, "close");
    await once(request, "data");
    request.resume();
    agent.tell({ kind: "gone", transfer: transfer.id });
  });
  const feeding = feedOver(agent.link, new Blob([new Uint8Array(size)]), feed, "put");
  await expect(feeding).rejects.toMatchObject({ code: "not-found" });
  await closed;
});
