/** A transfer of the queue while the agent runs: what the journal has of it, and what goes on now. */

import type { Progress, TransferError } from "@naru/core";
import type { SegmentSpool } from "../spool/segment-spool.ts";
import { shownDestination } from "./read-destination.ts";
import type { TransferEntry } from "./transfer-table.ts";
import type { TransferStateName, TransferView } from "./transfer-view.ts";

/** A run under way. */
export interface Run {
  stop(): void;
  /** Resolves when nothing of it is open any more; never fails. */
  readonly over: Promise<void>;
}

/** One row of the queue. */
export class LiveTransfer {
  entry: TransferEntry;
  spool: SegmentSpool | undefined;
  run: Run | undefined;
  progress: Progress | undefined;
  /** Why it waits for the far side, before there is any progress. */
  awaiting: TransferError | undefined;
  /** Why it waits for something of this computer. */
  hindrance: TransferEntry["error"];
  readonly #isOpenHour: () => boolean;

  constructor(entry: TransferEntry, isOpenHour: () => boolean) {
    this.entry = entry;
    this.#isOpenHour = isOpenHour;
  }

  /** Whether bytes are to come that nobody feeds. */
  get isUnfed(): boolean {
    return this.spool !== undefined && !this.spool.attached && this.spool.unfed > 0;
  }

  /** Whether there is nothing to do until somebody feeds. */
  get isIdle(): boolean {
    return this.isUnfed && this.spool?.held === 0;
  }

  /** Whether it runs, but the far side does not answer. */
  get isOffline(): boolean {
    return this.run !== undefined && this.#state === "offline";
  }

  /** As it is shown. */
  get view(): TransferView {
    const { entry, spool, progress } = this;
    return {
      id: entry.id,
      name: entry.name,
      file: entry.file,
      path: entry.path,
      to: shownDestination(entry.to),
      way: entry.way,
      size: entry.size,
      state: this.#state,
      confirmed: entry.state === "done" ? entry.size : (progress?.confirmed ?? entry.confirmed),
      inFlight: this.run === undefined ? 0 : (progress?.inFlight ?? 0),
      unfed: spool?.unfed ?? 0,
      held: spool?.held ?? 0,
      speed: this.run === undefined ? 0 : (progress?.speed ?? 0),
      secondsLeft: this.run === undefined ? undefined : progress?.secondsLeft,
      bytesSent: progress?.bytesSent ?? 0,
      parts: progress?.parts ?? 0,
      partsSkipped: progress?.partsSkipped ?? 0,
      error: entry.error ?? (entry.state === "go" ? (this.hindrance ?? this.#trouble) : undefined),
      created: entry.created,
      ended: entry.ended,
      owner: entry.owner,
    };
  }

  get #trouble(): TransferView["error"] {
    const reason = this.isOffline ? (this.awaiting ?? this.progress?.error) : undefined;
    return reason && { code: reason.code, message: reason.message };
  }

  get #state(): TransferStateName {
    const { entry, progress } = this;
    if (entry.state !== "go") return entry.state;
    if (this.run === undefined) {
      if (this.isUnfed) return "needs-file";
      return this.#isOpenHour() ? "waiting" : "scheduled";
    }
    if (this.awaiting !== undefined) return "offline";
    const state = progress?.state ?? "checking";
    if (state === "offline" || state === "verifying" || state === "checking") return state;
    return this.isUnfed ? "needs-file" : "uploading";
  }
}
