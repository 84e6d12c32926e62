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

/** What a feed needs of the connection. */
export type FeedLink = Pick<AgentLink, "port" | "listen" | "closed" | "send" | "buffered">;

/** How bytes go to the agent. */
export type AgentWay = "socket" | "put";

const probeSize = 4 * MiB;
const probeTimeoutMs = 3000;
/** Few, since between two of them nothing moves. */
const putSize = 1024 * MiB;
/** PUT costs browser and agent less work, also where it is not faster. */
const socketMustBe = 0.8;
/** More in the browser's buffer only costs memory. */
const maxBuffered = 8 * MiB;
const lookAgainMs = 5;

/** Measure both ways with bytes that lead nowhere. The browser may refuse PUT where it permits a WebSocket. */
export async function fasterWay(link: FeedLink): Promise<AgentWay> {
  const bytes = new Blob([new Uint8Array(probeSize)]);
  // The first one asks whether it may, and connects.
  const put = await putProbe(link, bytes.slice(0, 1))
    .then(() => timed(() => putProbe(link, bytes)))
    .catch(() => Number.POSITIVE_INFINITY);
  const socket = await timed(() => sendProbe(link, bytes));
  return socket < put * socketMustBe ? "socket" : "put";
}

/** Feed the file until the agent has all of it. @throws {TransferError} `unreachable` when the agent goes, or why it refused */
export async function feedOver(link: FeedLink, file: Blob, feed: AgentFeed, way: AgentWay): Promise<void> {
  using target = way === "put" ? new PutTarget(link, feed) : new SocketTarget(link, feed);
  await feedAgent(file, target);
}

/** What both ways share: grants and refusals come over the WebSocket. */
abstract class LinkTarget implements FeedTarget, Disposable {
  abstract readonly sliceSize: number;
  abstract readonly mayWait: boolean;
  protected readonly link: FeedLink;
  protected readonly feed: AgentFeed;
  readonly #stop: () => void;
  #grant: AgentGrant;
  #refused: TransferError | undefined;
  #isOther = false;
  #ring: () => void = () => undefined;

  constructor(link: FeedLink, feed: AgentFeed) {
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

  /** Whether nothing more may be sent. */
  protected get isRefused(): boolean {
    return this.#refused !== undefined;
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

  /** Called when the grant is another, or there is none any more. */
  protected heard(): void {}

  /** @throws {TransferError} why nothing more may be sent */
  protected check(): void {
    if (this.#refused) throw this.#refused;
  }

  #note({ grant = this.#grant, refused }: { readonly grant?: AgentGrant; readonly refused?: TransferError }): void {
    this.#grant = grant;
    this.#refused ??= refused;
    this.#isOther = true;
    this.heard();
    this.#ring();
  }
}

class SocketTarget extends LinkTarget {
  readonly sliceSize = agentFrameSize;
  readonly mayWait = false;

  async send(start: number, bytes: Blob): Promise<boolean> {
    while (this.link.buffered > maxBuffered) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    this.check();
    this.link.send(new Blob([agentFrameHeader(this.feed.channel, start), bytes]));
    return true;
  }
}

class PutTarget extends LinkTarget {
  readonly sliceSize = putSize;
  readonly mayWait = true;
  #stop = new AbortController();
  #rewinds = 0;

  async send(start: number, body: Blob): Promise<boolean> {
    this.check();
    this.#stop = new AbortController();
    this.#rewinds = this.grant.rewinds;
    const { signal } = this.#stop;
    const url = `http://127.0.0.1:${this.link.port}/data/${this.feed.transfer.id}?offset=${start}`;
    const headers = { [agentKeyHeader]: this.feed.key };
    try {
      const answer = await fetch(url, { method: "PUT", headers, body, signal });
      // The grant says how far it went; a refused body is fed again from there, or the channel is refused.
      await answer.text().catch(() => "");
      return answer.ok;
    } catch (cause) {
      this.check();
      if (signal.aborted) return false;
      throw gone(cause);
    }
  }

  /**
   * The agent has lost bytes: what is on its way comes too early, and would wait for them. Or it wants none from here any
   * more, which agents of before say without ending a PUT.
   */
  protected override heard(): void {
    if (this.isRefused || this.grant.rewinds !== this.#rewinds) this.#stop.abort();
  }
}

function gone(cause?: unknown): TransferError {
  return new TransferError("unreachable", "Cannot feed the agent: it has disconnected", { cause });
}

async function putProbe(link: FeedLink, body: Blob): Promise<void> {
  const signal = AbortSignal.timeout(probeTimeoutMs);
  const answer = await fetch(`http://127.0.0.1:${link.port}/probe`, { method: "PUT", body, signal });
  if (!answer.ok) throw new TransferError("unsupported", "Cannot use the data channel");
}

function sendProbe(link: FeedLink, bytes: Blob): Promise<void> {
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
