/** A page that hands a file to a desktop agent, as the script that makes the kept folder needs it. */

import { once } from "node:events";
import { request } from "node:http";

export interface AgentPageOptions {
  readonly port: number;
  readonly origin: string;
  readonly ticket: string;
  readonly file: { readonly name: string; readonly size: number; readonly modifiedMs: number };
}

export interface AgentPage {
  /** Hand over a range of the file. */
  feed(bytes: Uint8Array, start: number, end?: number): Promise<void>;
  close(): void;
}

/** Begin the transfer of a ticket. */
export async function openAgentPage({ port, origin, ticket, file }: AgentPageOptions): Promise<AgentPage> {
  // Node's own takes headers, which a browser's does not.
  const socket: WebSocket = Reflect.construct(WebSocket, [`ws://127.0.0.1:${port}/v1`, { headers: { origin } }]);
  await once(socket, "open");
  const feeding = new Promise<{ transfer: { id: string }; key: string }>((resolve, reject) => {
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data));
      if (message.kind === "feeding") resolve(message);
      if (message.kind === "failed") reject(new Error(String(data)));
    });
  });
  socket.send(JSON.stringify({ kind: "hello", version: 1 }));
  socket.send(JSON.stringify({ kind: "create", re: 1, ticket, file }));
  const { transfer, key } = await feeding;
  return {
    close: () => socket.close(),
    feed: async (bytes, start, end = bytes.length) => {
      const headers = { origin, "naru-key": key, "content-length": end - start };
      const url = `http://127.0.0.1:${port}/data/${transfer.id}?offset=${start}`;
      const sent = request(url, { method: "PUT", headers });
      sent.end(bytes.subarray(start, end));
      const [answer] = await once(sent, "response");
      if (answer.statusCode !== 200) throw new Error(`the agent answers ${answer.statusCode}`);
      answer.resume();
    },
  };
}
