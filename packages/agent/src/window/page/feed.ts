/** Feeds files that were dropped on the window: a browser tells their bytes, never where they are. */

import { type FeedTarget, feedAgent, proveRanges } from "@naru/client/agent-feeder";
import { type AgentGrant, MiB, type RetryPolicy, retrying } from "@naru/core";
import type { FeedFacts, FileFacts, WhereTo } from "../window-wire.ts";
import { call, sendBytes } from "./agent-call.ts";

/** A file that came through the page. */
export interface LooseFile {
  readonly path: string;
  readonly file: File;
}

interface Waiting {
  readonly loose: LooseFile;
  readonly to: WhereTo;
}

/** Connections to one server are few in a browser, and calls and events need theirs. */
const mostAtOnce = 2;
const lookAgainMs = 100;
/** A connection that breaks, or a disk that refuses for a moment. */
const feedPolicy: RetryPolicy = { retries: 5, firstMs: 500, longestMs: 5000, jitter: 1 };

/** What this window hands over, a few at a time. */
export class FeedQueue {
  readonly #waiting: Waiting[] = [];
  readonly #feeding = new Map<string, number>();
  readonly #onFailed: (error: unknown) => void;
  readonly #onChange: () => void;
  #running = 0;

  constructor({ onFailed, onChange }: { onFailed: (error: unknown) => void; onChange: () => void }) {
    this.#onFailed = onFailed;
    this.#onChange = onChange;
  }

  /** Bytes that must still go; `unfedOf` tells what a transfer still needs. */
  left(unfedOf: (transfer: string) => number | undefined): number {
    const waiting = this.#waiting.reduce((sum, { loose }) => sum + loose.file.size, 0);
    return [...this.#feeding].reduce((sum, [id, size]) => sum + (unfedOf(id) ?? size), waiting);
  }

  /** Hand files over; resolves when the agent has taken the first on, rejects when it does not. */
  async add([first, ...rest]: readonly LooseFile[], to: WhereTo): Promise<void> {
    if (first === undefined) return;
    const begun = await receive(first, to);
    void this.#feed(begun, first.file);
    this.#waiting.push(...rest.map((loose) => ({ loose, to })));
    this.#next();
  }

  /** Go on with a transfer whose file was chosen again. @throws {TransferError} `file-changed` when it is another file */
  async addAgain(transfer: string, file: File): Promise<void> {
    void this.#feed(await feedingAgain(transfer, file), file);
  }

  async #begin({ loose, to }: Waiting): Promise<void> {
    try {
      const begun = await receive(loose, to);
      this.#running -= 1;
      await this.#feed(begun, loose.file);
    } catch (error) {
      this.#running -= 1;
      this.#onFailed(error);
      this.#next();
    }
  }

  async #feed(begun: FeedFacts, file: File): Promise<void> {
    const { transfer, grant } = begun;
    this.#running += 1;
    this.#feeding.set(transfer, file.size - grant.durable);
    this.#onChange();
    let facts: FeedFacts | undefined = begun;
    const feed = async (): Promise<void> => {
      // Who failed is no longer the feeder: it has to show the file anew.
      const target = new WindowTarget(facts ?? (await feedingAgain(transfer, file)));
      facts = undefined;
      await feedAgent(file, target);
    };
    try {
      await retrying(feed, feedPolicy, { random: Math.random, wait });
    } catch (error) {
      this.#onFailed(error);
    }
    this.#feeding.delete(transfer);
    this.#running -= 1;
    this.#onChange();
    this.#next();
  }

  #next(): void {
    while (this.#running < mostAtOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      void this.#begin(next);
    }
  }
}

function receive({ path, file }: LooseFile, to: WhereTo): Promise<FeedFacts> {
  return call("receive", { file: { ...factsOf(file), path }, to });
}

async function feedingAgain(transfer: string, file: File): Promise<FeedFacts> {
  const proofs = await proveRanges(file, await call("prove", { transfer }));
  return call("feed", { transfer, file: factsOf(file), proofs });
}

/** The window hears of no grants while it feeds: each request is answered with one, and what has no room yet waits in it. */
class WindowTarget implements FeedTarget {
  readonly sliceSize = 64 * MiB;
  readonly mayWait = true;
  readonly #facts: FeedFacts;
  #grant: AgentGrant;

  constructor(facts: FeedFacts) {
    this.#facts = facts;
    this.#grant = facts.grant;
  }

  get grant(): AgentGrant {
    return { ...this.#grant, credit: Number.POSITIVE_INFINITY };
  }

  async send(start: number, bytes: Blob): Promise<boolean> {
    const { transfer, key } = this.#facts;
    this.#grant = await sendBytes(`data/${transfer}?offset=${start}`, key, bytes);
    return true;
  }

  /** What was sent last is not on the disk yet. */
  async changed(): Promise<void> {
    await wait(lookAgainMs);
    await this.send(this.#grant.durable, new Blob([]));
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function factsOf({ name, size, lastModified }: File): FileFacts {
  return { name, size, modifiedMs: lastModified };
}
