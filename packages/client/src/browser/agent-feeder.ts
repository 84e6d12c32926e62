/**
 * Feeds one file to the agent: slices only, as far as its credit goes, over the WebSocket or by PUT, whichever a short
 * measurement at the start found faster. Bytes that the agent holds already are not sent.
 *
 * @module
 */

import {
  type AgentFeed,
  type AgentGrant,
  agentFrameHeader,
  agentFrameSize,
  agentKeyHeader,
  fromWireError,
  MiB,
  TransferError,
} from "@naru/core";
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
export async function feed(link: AgentLink, file: Blob, told: AgentFeed, way: AgentWay): Promise<void> {
  const feeder = new Feeder(link, file, told);
  return feeder.run(way);
}

class Feeder {
  readonly #link: AgentLink;
  readonly #file: Blob;
  readonly #told: AgentFeed;
  #grant: AgentGrant;
  #position: number;
  #refused: TransferError | undefined;
  #ring: () => void = () => undefined;

  constructor(link: AgentLink, file: Blob, told: AgentFeed) {
    this.#link = link;
    this.#file = file;
    this.#told = told;
    this.#grant = told.grant;
    this.#position = told.grant.durable;
  }

  async run(way: AgentWay): Promise<void> {
    const stop = this.#link.listen((event) => {
      if (event.kind === "grant" && event.channel === this.#told.channel) this.#take(event.grant);
      else if (event.kind === "refused" && event.channel === this.#told.channel) {
        this.#refused = fromWireError(event.error);
      } else if (event.kind === "gone" && event.transfer === this.#told.transfer.id) {
        this.#refused = new TransferError("not-found", "Cannot feed the agent: it has released the transfer");
      }
      this.#ring();
    });
    void this.#link.closed.then(() => {
      this.#refused ??= new TransferError("unreachable", "Cannot feed the agent: it has disconnected");
      this.#ring();
    });
    try {
      while (this.#grant.missing.length > 0) {
        if (this.#refused) throw this.#refused;
        const end = Math.min(this.#grant.durable + this.#grant.credit, this.#file.size);
        const start = this.#next();
        if (start >= end) await this.#change();
        else if (way === "put") await this.#put(start, Math.min(end, start + putSize));
        else await this.#send(start, Math.min(end, start + agentFrameSize));
      }
    } finally {
      stop();
    }
  }

  #take(grant: AgentGrant): void {
    if (grant.rewinds !== this.#grant.rewinds) this.#position = grant.durable;
    this.#grant = grant;
    this.#position = Math.max(this.#position, grant.durable);
  }

  /** Where the next missing byte is, at or after the position; past the ranges that were told, all may be missing. */
  #next(): number {
    const range = this.#grant.missing.find(({ end }) => end > this.#position);
    return range === undefined ? this.#position : Math.max(this.#position, range.start);
  }

  async #send(start: number, end: number): Promise<void> {
    while (this.#link.buffered > maxBuffered) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    const stopsAt = this.#grant.missing.find((range) => range.start <= start && range.end > start)?.end ?? end;
    const stop = Math.min(end, stopsAt);
    this.#link.send(new Blob([agentFrameHeader(this.#told.channel, start), this.#file.slice(start, stop)]));
    this.#position = stop;
  }

  async #put(start: number, end: number): Promise<void> {
    const url = `http://127.0.0.1:${this.#link.port}/data/${this.#told.transfer.id}?offset=${start}`;
    const answer = await fetch(url, {
      method: "PUT",
      headers: { [agentKeyHeader]: this.#told.key },
      body: this.#file.slice(start, end),
    }).catch((cause: unknown) => {
      throw new TransferError("unreachable", "Cannot feed the agent: it has disconnected", { cause });
    });
    // The grant says how far it went; a refused body is fed again from there, or the channel is refused.
    await answer.text().catch(() => "");
    if (answer.ok) this.#position = end;
    else await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve;
      if (this.#refused) resolve();
    });
  }
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
    void link.closed.then(() => reject(new TransferError("unreachable", "Cannot feed the agent: it has disconnected")));
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
