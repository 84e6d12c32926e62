/** Feeds the files that this tab has handed to the agent, also over restarts of the agent. */

import { type AgentFeed, isTransferError, TransferError } from "@naru/core";
import { proveRanges } from "./agent-feeder.ts";
import type { AgentAnswer, AgentLink } from "./agent-link.ts";
import { type AgentWay, fasterWay, feedOver } from "./agent-way.ts";

export interface AgentFeedsOptions {
  /** Finds the agent again after it went. @throws {TransferError} `unreachable` when it does not come back */
  readonly reconnected: () => Promise<AgentLink>;
  readonly onEnded: () => void;
}

/** What is being fed. */
export class AgentFeeds {
  readonly #options: AgentFeedsOptions;
  readonly #feeding = new Set<string>();
  #way: AgentWay | undefined;

  constructor(options: AgentFeedsOptions) {
    this.#options = options;
  }

  /** The transfers that this tab is feeding. */
  get ids(): readonly string[] {
    return [...this.#feeding];
  }

  /** Feed a file to the end; never rejects: the transfer's row says what it needs. */
  async keep(file: File, begun: AgentFeed, first: AgentLink): Promise<void> {
    const { id } = begun.transfer;
    this.#feeding.add(id);
    let feed = begun;
    let link = first;
    try {
      for (;;) {
        try {
          this.#way ??= await fasterWay(link);
          return await feedOver(link, file, feed, this.#way);
        } catch (error) {
          if (!isTransferError(error) || error.code !== "unreachable") throw error;
        }
        link = await this.#options.reconnected();
        feed = await feedAgain(link, id, file);
      }
    } catch {
      // It waits for its file, or has failed.
    } finally {
      this.#feeding.delete(id);
      this.#options.onEnded();
    }
  }

  /** The agent has given a transfer up. */
  forget(id: string): void {
    this.#feeding.delete(id);
  }

  /** Another agent may be faster another way. */
  measureAgain(): void {
    this.#way = undefined;
  }
}

/** Prove that a file is the one of a transfer, and begin to feed it. @throws {TransferError} `file-changed` */
export async function feedAgain(link: AgentLink, id: string, file: File): Promise<AgentFeed> {
  const asked = await link.call({ kind: "prove", transfer: id });
  const proofs = await proveRanges(file, asked.kind === "prove" ? asked.ranges : []);
  return feedingIn(await link.call({ kind: "feed", transfer: id, file: factsOf(file), proofs }));
}

/** What the agent is told of a file. */
export function factsOf({ name, size, lastModified }: File): { name: string; size: number; modifiedMs: number } {
  return { name, size, modifiedMs: lastModified };
}

/** What it takes to feed, of the agent's answer. */
export function feedingIn(answer: AgentAnswer): AgentFeed {
  if (answer.kind === "feeding") return answer;
  throw new TransferError("internal", `Cannot feed the agent: it answered "${answer.kind}"`);
}
