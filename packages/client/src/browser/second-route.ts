/**
 * Whether parts of files that go straight to the store also go through the server. On a long line that loses packets each
 * connection carries little, whatever is done, and a browser opens six to each host: the server is one more host. Whether
 * it pays is measured: it is tried when all places are taken and each is slow, and kept when the whole becomes faster.
 */

import type { Clock } from "@naru/core";

const periodMs = 1000;
/** All places were taken for so long before another route is tried. */
const busyMs = 2000;
/** Bytes per second of one connection: 100 Mbit/s without loss give each of six more. */
const slow = 1.5e6;
/** Where connections are this fast, those to the store do alone. */
const fast = 3e6;
/** The first bytes only fill the buffers of sockets. */
const fillMs = 1000;
const trialMs = 3000;
const worthwhile = 1.1;
/** A slow line without losses stays one: what goes through the server there only costs the server. */
const uselessMs = 600_000;
const failedMs = 60_000;
/** What was found out says nothing of another day. */
const idleMs = 10_000;

type State =
  | { readonly at: "watching" }
  | { readonly at: "trying"; readonly before: number; began: number | undefined; bytes: number }
  | { readonly at: "kept" }
  | { readonly at: "resting"; readonly until: number };

/** How the connections are used at this time. */
export interface Use {
  /** Connections to the store, each with a part. */
  readonly straight: number;
  /** Whether no more may be opened there. */
  readonly isFull: boolean;
  /** Parts on their way through the server. */
  readonly through: number;
}

/** Decides by what all uploads of a tab send together. */
export class SecondRoute {
  readonly #clock: Pick<Clock, "now">;
  readonly #onOpen: () => void;
  #state: State = { at: "watching" };
  #moved = Number.NEGATIVE_INFINITY;
  #busySince = 0;
  /** The period that is measured. */
  #since = 0;
  #bytes = 0;

  constructor(clock: Pick<Clock, "now">, onOpen: () => void) {
    this.#clock = clock;
    this.#onOpen = onOpen;
  }

  /** Whether parts may go through the server now. */
  get isOpen(): boolean {
    return this.#state.at === "trying" || this.#state.at === "kept";
  }

  /** A part did not get through the server: leave it for a while. */
  failed(): void {
    this.#state = { at: "resting", until: this.#clock.now() + failedMs };
  }

  /** Count bytes that were sent, by whichever route. */
  moved(bytes: number, use: Use): void {
    const now = this.#clock.now();
    const idle = now - this.#moved;
    this.#moved = now;
    if (idle >= idleMs && this.isOpen) this.#state = { at: "watching" };
    if (this.#state.at === "resting" && now >= this.#state.until) this.#state = { at: "watching" };
    if (idle >= idleMs || !use.isFull) this.#begin(now);
    this.#bytes += bytes;
    if (this.#state.at === "trying") this.#try(bytes, use, now);
    else if (now - this.#since >= periodMs) this.#look(use, now);
  }

  /** What was not busy throughout says nothing of the line. */
  #begin(now: number): void {
    this.#busySince = now;
    this.#since = now;
    this.#bytes = 0;
    if (this.#state.at === "trying") this.#state = { at: "watching" };
  }

  #look({ straight, through }: Use, now: number): void {
    const rate = (this.#bytes * 1000) / (now - this.#since);
    const each = rate / Math.max(1, straight + through);
    this.#since = now;
    this.#bytes = 0;
    if (this.#state.at === "kept" && each > fast) this.#state = { at: "watching" };
    else if (this.#state.at === "watching" && now - this.#busySince >= busyMs && each < slow) {
      this.#state = { at: "trying", before: rate, began: undefined, bytes: 0 };
      this.#onOpen();
    }
  }

  #try(bytes: number, { through }: Use, now: number): void {
    const trial = this.#state;
    if (trial.at !== "trying" || through === 0) return;
    trial.began ??= now;
    if (now - trial.began < fillMs) return;
    trial.bytes += bytes;
    const tookMs = now - trial.began - fillMs;
    if (tookMs < trialMs) return;
    const pays = (trial.bytes * 1000) / tookMs >= trial.before * worthwhile;
    this.#state = pays ? { at: "kept" } : { at: "resting", until: now + uselessMs };
    this.#since = now;
    this.#bytes = 0;
  }
}
