/** The spools of the queue's transfers: opened, opened again when their disk is back, and dropped. */

import { isTransferError } from "@naru/core";
import type { Spool } from "../spool/spool.ts";
import type { Spools } from "../spool/spools.ts";
import type { LiveTransfer } from "./live-transfer.ts";

export interface LiveSpoolsOptions {
  readonly spools: Spools;
  readonly log: (line: string) => void;
  /** More has come, or less is there than was. */
  readonly onGrant: (live: LiveTransfer) => void;
  /** The disk is back: whether the transfer still is to have its spool. */
  readonly isWanted: (live: LiveTransfer) => boolean;
  readonly onBack: (live: LiveTransfer) => void;
}

/** Gives transfers their spools. */
export class LiveSpools {
  readonly #options: LiveSpoolsOptions;

  constructor(options: LiveSpoolsOptions) {
    this.#options = options;
  }

  /** @throws {TransferError} `unavailable` as long as the disk of the spools is missing */
  async open(live: LiveTransfer): Promise<Spool> {
    const { id, name, size, modifiedMs, way, partSize = size } = live.entry;
    const file = { name, size, modifiedMs };
    const spool = await this.#options.spools.spool({
      id,
      file,
      way: way === "window" ? way : "full",
      segmentSize: Math.max(1, partSize),
    });
    live.spool = spool;
    spool.onGrant(() => this.#options.onGrant(live));
    return spool;
  }

  /** Open a spool from before; one whose disk is missing is opened when that is back. */
  async reopen(live: LiveTransfer): Promise<void> {
    const { spools, log } = this.#options;
    try {
      await this.open(live);
      live.hindrance = undefined;
    } catch (error) {
      if (!isTransferError(error) || error.code !== "unavailable") throw error;
      live.hindrance = { code: error.code, message: error.message };
      log(`transfer ${live.entry.id} waits: ${error.message}`);
      spools.whenBack(() => void this.#wentOn(live));
    }
  }

  /** Remove a spool, if there is one. */
  async drop(live: LiveTransfer): Promise<void> {
    live.spool = undefined;
    if (live.entry.way !== "direct") await this.#options.spools.remove(live.entry.id);
  }

  /** Never fails: what cannot be opened now is opened at the next start. */
  async #wentOn(live: LiveTransfer): Promise<void> {
    const { isWanted, onBack, log } = this.#options;
    if (live.spool !== undefined || !isWanted(live)) return;
    try {
      await this.reopen(live);
      onBack(live);
    } catch (error) {
      log(`transfer ${live.entry.id} waits: ${error instanceof Error ? error.message : error}`);
    }
  }
}
