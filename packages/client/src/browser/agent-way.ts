/**
 * A page's ways to the agent: over the WebSocket or by PUT, whichever a short measurement at the start found faster.
 *
 * @module
 */

import {
  type AgentFeed,
  type AgentGrant,
  agentFrameHeader,
  agentFrameSize,
  agentKeyHeader,
  dispose,
  fromWireError,
  MiB,
  TransferError,
} from "@naru/core";
import { type FeedTarget, feedAgent } from "./agent-feeder.ts";
import type { AgentLink } from "./agent-link.ts";

/** How bytes go to the agent. */
export type AgentWay = "socket" | "put";

const probeSize = 4 * MiB;
const probeTimeoutMs = 3000;
const putSize = 16 * MiB;
/** More in the browser's buffer only costs memory. */
const maxBuffered = 8 * MiB;
const lookAgainMs = 5;

/** Measure both ways with bytes that lead nowhere. The browser may refuse PUT where it permits a WebSocket. */
export async function fasterWay(link: AgentLink): Promise<AgentWay> {
  const bytes = new Blob([new Uint8Array(probeSize)]);
  const put = await timed(async () => {
    const signal = AbortSignal.timeout(probeTimeoutMs);
    const answer = await fetch(`http://127.0.0.1:${link.port}/probe`, { method: "PUT", body: bytes, signal });
    if (!answer.ok) throw new TransferError("unsupported", "Cannot use the data channel");
  }).catch(() => Number.POSITIVE_INFINITY);
  const socket = await timed(() => sendProbe(link, bytes));
  return put < socket ? "put" : "socket";
}

/** Feed the file until the agent has all of it. @throws {TransferError} `unreachable` when the agent goes, or why it refused */
export async function feedOver(link: AgentLink, file: Blob, feed: AgentFeed, way: AgentWay): Promise<void> {
  using target = way === "put" ? new PutTarget(link, feed) : new SocketTarget(link, feed);
  await feedAgent(file, target);
}

/** What both ways share: grants and refusals come over the WebSocket. */
abstract class LinkTarget implements FeedTarget, Disposable {
  abstract readonly sliceSize: number;
  protected readonly link: AgentLink;
  protected readonly feed: AgentFeed;
  readonly #stop: () => void;
  #grant: AgentGrant;
  #refused: TransferError | undefined;
  #isOther = false;
  #ring: () => void = () => undefined;

  constructor(link: AgentLink, feed: AgentFeed) {
    this.link = link;
    this.feed = feed;
    this.#grant = feed.grant;
    this.#stop = link.listen((event) => {
      if (event.kind === "grant" && event.channel === feed.channel) this.#note({ grant: event.grant });
      else if (event.kind === "refused" && event.channel === feed.channel) {
        this.#note({ refused: fromWireError(event.error) });
      } else if (event.kind === "gone" && event.transfer === feed.transfer.id) {
        this.#note({
          refused: new TransferError("not-found", "Cannot feed the agent: it has released the transfer"),
        });
      }
    });
    void link.closed.then(() => this.#note({ refused: gone() }));
  }

  get grant(): AgentGrant {
    return this.#grant;
  }

  async changed(): Promise<void> {
    if (!this.#isOther) {
      await new Promise<void>((resolve) => {
        this.#ring = resolve;
      });
    }
    this.#isOther = false;
    this.check();
  }

  abstract send(start: number, bytes: Blob): Promise<boolean>;

  [dispose](): void {
    this.#stop();
  }

  /** @throws {TransferError} why nothing more may be sent */
  protected check(): void {
    if (this.#refused) throw this.#refused;
  }

  #note({ grant = this.#grant, refused }: { readonly grant?: AgentGrant; readonly refused?: TransferError }): void {
    this.#grant = grant;
    this.#refused ??= refused;
    this.#isOther = true;
    this.#ring();
  }
}

class SocketTarget extends LinkTarget {
  readonly sliceSize = agentFrameSize;

  async send(start: number, bytes: Blob): Promise<boolean> {
    while (this.link.buffered > maxBuffered) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    this.check();
    this.link.send(new Blob([agentFrameHeader(this.feed.channel, start), bytes]));
    return true;
  }
}

class PutTarget extends LinkTarget {
  readonly sliceSize = putSize;

  async send(start: number, body: Blob): Promise<boolean> {
    this.check();
    const url = `http://127.0.0.1:${this.link.port}/data/${this.feed.transfer.id}?offset=${start}`;
    const headers = { [agentKeyHeader]: this.feed.key };
    const answer = await fetch(url, { method: "PUT", headers, body }).catch((cause: unknown) => {
      throw gone(cause);
    });
    // The grant says how far it went; a refused body is fed again from there, or the channel is refused.
    await answer.text().catch(() => "");
    return answer.ok;
  }
}

function gone(cause?: unknown): TransferError {
  return new TransferError("unreachable", "Cannot feed the agent: it has disconnected", { cause });
}

function sendProbe(link: AgentLink, bytes: Blob): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = bytes.size;
    const stop = link.listen((event) => {
      if (event.kind !== "measured") return;
      left -= event.bytes;
      if (left > 0) return;
      stop();
      resolve();
    });
    void link.closed.then(() => reject(gone()));
    for (let start = 0; start < bytes.size; start += agentFrameSize) {
      link.send(new Blob([agentFrameHeader(0, start), bytes.slice(start, start + agentFrameSize)]));
    }
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}
