import { setTimeout as sleep } from "node:timers/promises";
import type { Abortable } from "@naru/core";

interface Underway {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  isSent: boolean;
}

/** For the answer to a part that was sent; a silent line gives none. */
const patienceMs = 2000;

/**
 * The parts of an upload that are being written. An abort removes the parts that are there; one that lands after it stays, on
 * some stores where no call reaches it.
 */
export class PartsUnderway {
  readonly #parts = new Set<Underway>();
  #stopped: { readonly reason: unknown } | undefined;

  /** Write a part. `sent` is to be called when the store has all that it needs to write it. */
  async run<T>(
    { signal }: Abortable,
    write: (options: { readonly signal: AbortSignal; readonly sent: () => void }) => Promise<T>,
  ): Promise<T> {
    if (this.#stopped !== undefined) throw this.#stopped.reason;
    const stop = new AbortController();
    const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const part: Underway = { stop, ended, isSent: false };
    const sent = (): void => {
      part.isSent = true;
    };
    this.#parts.add(part);
    try {
      return await write({ signal: either, sent });
    } finally {
      this.#parts.delete(part);
      end();
    }
  }

  /**
   * Stop what is underway, wait for it, and do `work` while nothing else begins. Who writes a part gets `reason`. What the store
   * has all of is not cut at once, since it may keep it all the same: its answer is waited for, two seconds at most.
   */
  async without<T>(reason: unknown, work: () => Promise<T>): Promise<T> {
    this.#stopped = { reason };
    try {
      await this.#end(reason);
      return await work();
    } finally {
      this.#stopped = undefined;
    }
  }

  async #end(reason: unknown): Promise<void> {
    const parts = [...this.#parts];
    if (parts.length === 0) return;
    for (const { isSent, stop } of parts) if (!isSent) stop.abort(reason);
    const all = Promise.all(parts.map(({ ended }) => ended));
    const over = new AbortController();
    await Promise.race([all, sleep(patienceMs, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
    for (const { stop } of parts) stop.abort(reason);
    await all;
  }
}
