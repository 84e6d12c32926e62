import { once } from "node:events";
import {
  type AgentGrant,
  agentFrameHeader,
  agentFrameSize,
  decodeFromAgent,
  type FromAgent,
  TransferError,
} from "@naru/core";
import { WebSocket } from "ws";

export type Feeding = Extract<FromAgent, { kind: "feeding" }>;

/** A page as the agent sees it, with whatever headers a forger likes. */
export class Page {
  readonly heard: FromAgent[] = [];
  readonly #socket: WebSocket;
  readonly #listeners = new Set<() => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data, isBinary) => {
      const message = isBinary ? undefined : decodeFromAgent(JSON.parse(String(data)));
      if (message) this.heard.push(message);
      for (const listener of this.#listeners) listener();
    });
    socket.on("close", () => this.heard.push({ kind: "gone", transfer: "connection" }));
    socket.on("close", () => {
      for (const listener of this.#listeners) listener();
    });
  }

  static async open(port: number, origin: string, headers: Record<string, string> = {}): Promise<Page> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1`, { origin, headers, perMessageDeflate: true });
    const refused = once(socket, "unexpected-response").then(([, response]: unknown[]) => {
      const { statusCode = 0 } = response as { statusCode?: number };
      socket.on("error", () => undefined);
      socket.terminate();
      throw new TransferError("forbidden", `refused ${statusCode}`);
    });
    await Promise.race([once(socket, "open"), refused]);
    refused.catch(() => undefined);
    if (socket.extensions !== "") throw new Error("the agent compresses");
    return new Page(socket);
  }

  say(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Resolve with the first message heard, now or later, that `wanted` takes. */
  async hear<T extends FromAgent>(wanted: (message: FromAgent) => message is T): Promise<T>;
  async hear(wanted: (message: FromAgent) => boolean): Promise<FromAgent>;
  async hear(wanted: (message: FromAgent) => boolean): Promise<FromAgent> {
    for (;;) {
      const found = this.heard.findLast(wanted);
      if (found) return found;
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
      });
    }
  }

  async call(call: object): Promise<FromAgent> {
    this.#last += 1;
    const re = this.#last;
    this.say({ ...call, re });
    return this.hear((message) => "re" in message && message.re === re && message.kind !== "pairing");
  }

  async feeding(call: object): Promise<Feeding> {
    const answer = await this.call(call);
    if (answer.kind !== "feeding") throw new Error(JSON.stringify(answer));
    return answer;
  }

  frame(channel: number, offset: number, bytes: Uint8Array): void {
    this.#socket.send(Buffer.concat([agentFrameHeader(channel, offset), bytes]));
  }

  /** Feed under credit until `until` or the end. */
  async feed({ channel, grant, transfer }: Feeding, bytes: Uint8Array, until = bytes.length): Promise<AgentGrant> {
    let at = grant.durable;
    for (;;) {
      const now = this.grantOf(channel) ?? grant;
      at = Math.max(at, now.durable);
      const end = Math.min(until, now.durable + now.credit);
      if (at < end) {
        const stop = Math.min(end, at + agentFrameSize);
        this.frame(channel, at, bytes.subarray(at, stop));
        at = stop;
        continue;
      }
      if (now.missing.length === 0 || (at >= until && until < bytes.length)) return now;
      const known = this.heard.length;
      await this.hear(() => this.heard.length > known || transfer.id === "");
    }
  }

  grantOf(channel: number): AgentGrant | undefined {
    const found = this.heard.findLast((message) => message.kind === "grant" && message.channel === channel);
    return found?.kind === "grant" ? found.grant : undefined;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, "close");
  }
}
