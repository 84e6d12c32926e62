/**
 * A window of workers over a queue of parts.
 *
 * @module
 */

import type { LinkedController } from "./abortable.ts";
import { linked, orAborted } from "./abortable.ts";
import { Attempt } from "./attempt.ts";
import type { Naps } from "./backoff.ts";
import { Backoff } from "./backoff.ts";
import { Concurrency } from "./concurrency.ts";
import type { TransferOptions } from "./engine.ts";
import type { FailureCode, TransferError } from "./errors.ts";
import type { HashAhead } from "./hash-ahead.ts";
import { asTransferError, mayRetry } from "./retrying.ts";
import type { Abortable, Part, PartDigest, Receipt, Source, Upload } from "./store.ts";
import type { Tally } from "./tally.ts";
import { MiB } from "./units.ts";
import { Watchdog } from "./watchdog.ts";

const defaultConcurrency = 16;
/**
 * On a long or lossy line each connection carries little, so a run begins with many; with few where parts are large,
 * since what is in flight is what a cut costs.
 */
const firstInFlight = 144 * MiB;
const fewest = 4;
const mostAtFirst = 32;
/** A body that is refused so often is not damaged on its way: it is damaged where it is read, or changes. */
const mostMismatches = 5;
const slowDown: ReadonlySet<FailureCode> = new Set(["throttled", "unavailable"]);

export interface PartsRunContext {
  readonly source: Source;
  readonly upload: Upload;
  readonly options: TransferOptions;
  readonly maxInFlight: number;
  readonly tally: Tally;
  readonly naps: Naps;
  readonly hashes: HashAhead;
}

/** Sends parts until each has its receipt. */
export class PartsRun {
  readonly #context: PartsRunContext;
  readonly #concurrency: Concurrency;
  readonly #watchdog: Watchdog;
  readonly #working = new Set<Promise<void>>();
  readonly #offline = new Set<Part>();
  readonly #prepared = new Set<Part>();
  #queue: Part[] = [];
  #trying = 0;
  /** Called when a try has ended, or more may travel. */
  #inLine: (() => void)[] = [];
  #failure: { readonly reason: unknown } | undefined;
  #ring: () => void = () => undefined;

  constructor(context: PartsRunContext, partSize: number) {
    this.#context = context;
    const { options, tally, naps } = context;
    this.#concurrency = new Concurrency({
      most: Math.min(context.maxInFlight, options.maxConcurrency ?? defaultConcurrency),
      start: Math.min(Math.max(Math.floor(firstInFlight / partSize), fewest), mostAtFirst),
      onGrow: () => {
        this.#ring();
        this.#callNext();
      },
    });
    this.#watchdog = new Watchdog({
      clock: options.clock,
      probe: options.probe,
      attempts: () => tally.attempts,
      isWaiting: () => naps.count > 0,
      onBack: () => naps.wake(),
      onTick: () => this.#tellState(),
    });
  }

  /** Send these parts; fail as soon as one of them cannot be sent. What has a receipt by then keeps it. */
  async send(parts: readonly Part[], options: Abortable): Promise<void> {
    using stop = linked(options);
    this.#queue = [...parts];
    const watching = this.#watchdog.watch(stop);
    try {
      while (this.#queue.length > 0 || this.#working.size > 0) {
        const bell = new Promise<void>((resolve) => {
          this.#ring = resolve;
        });
        this.#fill(stop);
        await bell;
        if (this.#failure !== undefined) throw this.#failure.reason;
      }
    } finally {
      stop.abort();
      await Promise.allSettled([...this.#working, watching]);
    }
  }

  #fill(stop: LinkedController): void {
    while (this.#working.size < this.#concurrency.size) {
      const part = this.#queue.shift();
      if (part === undefined) break;
      const work = this.#deliver(part, stop);
      this.#working.add(work);
      const leave = (): void => {
        this.#working.delete(work);
        this.#ring();
      };
      work.then(leave, (reason: unknown) => {
        this.#failure ??= { reason };
        leave();
      });
    }
    const { hashes } = this.#context;
    const onKnown = (): void => this.#prepareNext();
    hashes.ahead(this.#queue.slice(0, this.#concurrency.size + 2), { signal: stop.signal, onKnown });
    this.#prepareNext();
  }

  /** Whoever comes next has its digest, so its signature need not wait until there is a place. */
  #prepareNext(): void {
    const { upload, hashes } = this.#context;
    for (const part of this.#queue.slice(0, this.#concurrency.size)) {
      const digest = hashes.known.get(part.number);
      if (digest === undefined || this.#prepared.has(part)) continue;
      this.#prepared.add(part);
      upload.prepare?.({ ...part, digest });
    }
  }

  async #deliver(part: Part, options: Abortable): Promise<void> {
    const backoff = new Backoff(this.#context.options.random);
    const tries = { patience: 1, expired: false, mismatches: 0 };
    for (;;) {
      try {
        await this.#try(part, tries.patience, options);
        return;
      } catch (reason) {
        options.signal?.throwIfAborted();
        if (reason instanceof GaveUp) {
          tries.patience *= 2;
          // After a cut everything begins anew, and a few at once are there sooner than many.
          const share = reason.attempt.givenUp === "line-back" ? 1 / 4 : 1 / 2;
          this.#concurrency.failed(this.#context.options.clock.now(), share);
          continue;
        }
        const error = asTransferError(reason);
        if (!mayRetry(error, reason) || this.#isHopeless(part, error, tries)) throw error;
        if (error.code === "expired" && !tries.expired) {
          tries.expired = true;
          continue;
        }
        await this.#wait(part, error, backoff, options);
      }
    }
  }

  /** Try once, when it is this part's turn: after a failure fewer may travel than had begun. */
  async #try(part: Part, patience: number, options: Abortable): Promise<void> {
    while (this.#trying >= this.#concurrency.size) {
      await orAborted(new Promise<void>((called) => this.#inLine.push(called)), options);
    }
    this.#trying += 1;
    try {
      await this.#send(part, patience, options);
    } finally {
      this.#trying -= 1;
      this.#callNext();
    }
  }

  #callNext(): void {
    for (const called of this.#inLine.splice(0)) called();
  }

  async #send(part: Part, patience: number, options: Abortable): Promise<void> {
    const { source, tally, hashes, options: given } = this.#context;
    const digest = await hashes.of(part, options);
    const giveBack = await given.budget?.take(part.size, options);
    using attempt = new Attempt(part, given.clock.now(), { patience, signal: options.signal });
    tally.attempts.add(attempt);
    try {
      const body = source.slice(part.offset, part.offset + part.size);
      const onProgress = (sent: number): void => this.#moved(attempt, sent);
      const putting = this.#context.upload.put(part, body, { signal: attempt.signal, digest, onProgress });
      const receipt = await orAborted(putting, attempt);
      this.#moved(attempt, part.size);
      this.#confirm(attempt, receipt, digest);
    } catch (error) {
      if (attempt.givenUp !== undefined) throw new GaveUp(attempt, error);
      throw error;
    } finally {
      tally.attempts.delete(attempt);
      giveBack?.();
    }
  }

  #moved(attempt: Attempt, sent: number): void {
    const { clock } = this.#context.options;
    const now = clock.now();
    const gap = attempt.idle(now);
    const fresh = attempt.advance(sent, now);
    if (fresh === 0) return;
    this.#watchdog.moved(fresh, gap);
    this.#concurrency.moved(fresh, now, this.#working.size >= this.#concurrency.size);
    this.#context.tally.sent(fresh);
  }

  #confirm(attempt: Attempt, receipt: Receipt, digest: PartDigest | undefined): void {
    const { tally } = this.#context;
    // Gone from the flight first, so that no snapshot counts its bytes twice.
    tally.attempts.delete(attempt);
    this.#watchdog.moved(0, 0);
    tally.confirm({ ...receipt, part: attempt.part }, digest);
    this.#tellState();
  }

  async #wait(part: Part, error: TransferError, backoff: Backoff, options: Abortable): Promise<void> {
    const { naps, tally } = this.#context;
    if (slowDown.has(error.code)) this.#concurrency.failed(this.#context.options.clock.now());
    if (error.code === "unreachable") this.#offline.add(part);
    try {
      const nap = naps.sleep(backoff.next(tally.receipts.size, error.retryAfterMs), options);
      this.#tellState(error);
      await nap;
    } finally {
      this.#offline.delete(part);
    }
  }

  #isHopeless(part: Part, error: TransferError, tries: { mismatches: number }): boolean {
    if (error.code !== "checksum-mismatch") return false;
    this.#context.hashes.forget(part);
    tries.mismatches += 1;
    return tries.mismatches >= mostMismatches;
  }

  #tellState(error?: TransferError): void {
    const { tally } = this.#context;
    const allWait = this.#working.size > 0 && this.#offline.size >= this.#working.size;
    if (tally.state === "uploading" || tally.state === "offline") {
      tally.enter(allWait || this.#watchdog.isCut ? "offline" : "uploading", error);
    }
    tally.flush();
  }
}

class GaveUp extends Error {
  readonly attempt: Attempt;

  constructor(attempt: Attempt, cause: unknown) {
    super("the try was given up", { cause });
    this.attempt = attempt;
  }
}
