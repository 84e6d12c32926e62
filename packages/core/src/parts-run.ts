/**
 * A window of workers over a queue of parts.
 *
 * @module
 */

import type { LinkedController } from "./abortable.ts";
import { linked, orAborted } from "./abortable.ts";
import { Attempt } from "./attempt.ts";
import type { Sleeper } from "./backoff.ts";
import { Concurrency } from "./concurrency.ts";
import type { RunOptions } from "./engine.ts";
import type { FailureCode, TransferError } from "./errors.ts";
import { isTransferError } from "./errors.ts";
import type { PartWork } from "./part-work.ts";
import type { Moving, ProgressCounter } from "./progress-counter.ts";
import { partsPolicy } from "./retry-policy.ts";
import { retrying } from "./retrying.ts";
import { SecondTries } from "./second-tries.ts";
import type { Abortable, Part } from "./store.ts";
import { Stragglers } from "./stragglers.ts";
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
const slowDown: ReadonlySet<FailureCode> = new Set(["throttled", "unavailable"]);

export interface PartsRunContext<M extends Moving> {
  readonly work: PartWork;
  readonly options: RunOptions;
  readonly maxInFlight: number;
  readonly counter: ProgressCounter<M>;
  readonly sleeper: Sleeper;
}

/** Moves parts until each is there. */
export class PartsRun<M extends Moving> {
  readonly #context: PartsRunContext<M>;
  readonly #concurrency: Concurrency;
  readonly #watchdog: Watchdog;
  readonly #working = new Set<Promise<void>>();
  readonly #offline = new Set<Part>();
  readonly #stragglers = new Stragglers();
  #seconds: SecondTries<M> | undefined;
  readonly #most: number;
  /** Slow tries that do not count, so that others have their places. */
  #uncounted = 0;
  #queue: Part[] = [];
  #trying = 0;
  /** Called when a try has ended, or more may travel. */
  #inLine: (() => void)[] = [];
  #failure: { readonly reason: unknown } | undefined;
  #ring: () => void = () => undefined;

  constructor(context: PartsRunContext<M>, partSize: number) {
    this.#context = context;
    const { options, counter, sleeper } = context;
    this.#most = Math.min(context.maxInFlight, options.maxConcurrency ?? defaultConcurrency);
    const { initialConcurrency = mostAtFirst } = options;
    this.#concurrency = new Concurrency({
      most: this.#most,
      start: Math.min(Math.max(Math.floor(firstInFlight / partSize), fewest), initialConcurrency),
      onGrow: () => {
        this.#ring();
        this.#callNext();
      },
    });
    this.#watchdog = new Watchdog({
      clock: options.clock,
      probe: options.probe,
      attempts: () => counter.attempts,
      isWaiting: () => sleeper.count > 0,
      onBack: () => sleeper.wake(),
      onTick: () => {
        this.#look();
        this.#tellState();
      },
    });
  }

  /** Move these parts; fail as soon as one of them cannot be moved. What has a receipt by then keeps it. */
  async move(parts: readonly Part[], options: Abortable): Promise<void> {
    using stop = linked(options);
    this.#queue = [...parts];
    this.#seconds = new SecondTries(
      { ...this.#context, stragglers: this.#stragglers, move: (part, how) => this.#context.work.move(part, how) },
      parts,
    );
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
      await Promise.allSettled([...this.#working, this.#seconds.settled(), watching]);
    }
  }

  /** How many may travel now. */
  get #size(): number {
    return Math.min(this.#concurrency.size + this.#uncounted, this.#most);
  }

  #fill(stop: LinkedController): void {
    while (this.#working.size < this.#size) {
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
    this.#context.work.ahead?.(this.#queue, this.#size, stop);
  }

  async #deliver(part: Part, { signal }: Required<Abortable>): Promise<void> {
    const { work, options } = this.#context;
    const { random } = options;
    let patience = 1;
    const atOnce = (reason: unknown): boolean => {
      if (!(reason instanceof GaveUp)) return false;
      patience *= 2;
      return true;
    };
    const wait = (ms: number, error: TransferError, how: Abortable): Promise<void> => this.#wait(part, ms, error, how);
    const progress = (): number => work.arrived;
    await retrying((how) => this.#try(part, patience, how), partsPolicy, { signal, random, progress, atOnce, wait });
  }

  /** Try once, when it is this part's turn: after a failure fewer may travel than had begun. */
  async #try(part: Part, patience: number, options: Abortable): Promise<void> {
    while (this.#trying >= this.#size) {
      await orAborted(new Promise<void>((called) => this.#inLine.push(called)), options);
    }
    this.#trying += 1;
    try {
      await this.#move(part, patience, options);
    } catch (error) {
      this.#note(part, error);
      throw error;
    } finally {
      this.#trying -= 1;
      this.#callNext();
    }
  }

  /** What a failure changes for other parts, before one of them takes the place. */
  #note(part: Part, error: unknown): void {
    const { work } = this.#context;
    if (error instanceof GaveUp) {
      // After a cut everything begins anew, and a few at once are there sooner than many.
      this.#fewer(error.attempt.givenUp === "line-back" ? 1 / 4 : 1 / 2);
    } else if (isTransferError(error) && error.code === "checksum-mismatch") work.damaged?.(part);
  }

  #fewer(share: number): void {
    this.#concurrency.failed(this.#context.options.clock.now(), share);
    this.#stragglers.forget();
    this.#uncounted = 0;
  }

  #callNext(): void {
    for (const called of this.#inLine.splice(0)) called();
  }

  async #move(part: Part, patience: number, options: Abortable): Promise<void> {
    const { work, counter, options: given } = this.#context;
    await work.ready?.(part, options);
    const giveBack = await given.budget?.take(part.size, options);
    using attempt = new Attempt(part, given.clock.now(), {
      patience,
      from: work.begun?.(part),
      signal: options.signal,
    });
    counter.attempts.add(attempt);
    try {
      const onProgress = (moved: number): void => this.#moved(attempt, moved);
      const fresh = this.#stragglers.found;
      const moving = orAborted(work.move(part, { signal: attempt.signal, onProgress, fresh }), attempt);
      const own = moving.then((land) => {
        this.#moved(attempt, part.size);
        return land;
      });
      const land = await Promise.race([own, attempt.overtaken]);
      // Gone from the flight first, so that no snapshot counts its bytes twice.
      counter.attempts.delete(attempt);
      this.#watchdog.moved(0, 0);
      land();
      this.#tellState();
    } catch (error) {
      if (attempt.givenUp !== undefined) throw new GaveUp(attempt, error);
      throw error;
    } finally {
      counter.attempts.delete(attempt);
      giveBack?.();
    }
  }

  /**
   * Where the line has room, what is slow is not waited for: it leaves its place to another part, and is sent once more when
   * there is no other. One at a time, since each changes the line.
   */
  #look(): void {
    const { work, counter, options } = this.#context;
    if (work.mayOverlap !== true || options.isFar?.() === false) return;
    const now = options.clock.now();
    const slow = this.#stragglers.look(counter.attempts, now);
    this.#uncounted = Math.min(slow.length, this.#uncounted + 1);
    if (this.#queue.length === 0) this.#seconds?.begin(slow, now);
    else if (slow.length > 0) {
      this.#ring();
      this.#callNext();
    }
  }

  #moved(attempt: Attempt, moved: number): void {
    const { clock } = this.#context.options;
    const now = clock.now();
    const gap = attempt.idle(now);
    const fresh = attempt.advance(moved, now);
    if (fresh === 0) return;
    this.#watchdog.moved(fresh, gap);
    this.#stragglers.moved(fresh);
    this.#concurrency.moved(fresh, now, this.#working.size >= this.#size);
    this.#context.counter.moved(fresh);
  }

  async #wait(part: Part, ms: number, error: TransferError, options: Abortable): Promise<void> {
    if (slowDown.has(error.code)) this.#fewer(1 / 2);
    if (error.code === "unreachable") this.#offline.add(part);
    try {
      const sleep = this.#context.sleeper.sleep(ms, options);
      this.#tellState(error);
      await sleep;
    } finally {
      this.#offline.delete(part);
    }
  }

  #tellState(error?: TransferError): void {
    const { counter } = this.#context;
    const allWait = this.#working.size > 0 && this.#offline.size >= this.#working.size;
    if (counter.isMoving) {
      if (allWait || this.#watchdog.isCut) counter.enter("offline", error);
      else counter.move(error);
    }
    counter.flush();
  }
}

class GaveUp extends Error {
  readonly attempt: Attempt;

  constructor(attempt: Attempt, cause: unknown) {
    super("the try was given up", { cause });
    this.attempt = attempt;
  }
}
