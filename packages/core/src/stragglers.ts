/**
 * Tries that are slow while the line has room. On a long line that loses packets, a connection slows down with every loss
 * and takes long to recover, while a new one is fast at first: what is slow there is not waited for.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";

/** The line has room at less than this share of the most that it has carried. */
const fullShare = 3 / 4;
/** A try is slow when it has less than this share of what a new one would have. */
const slowShare = 1 / 2;
const leastAgeMs = 1000;
/** The first bytes only fill the buffers of sockets. */
const fillMs = 1500;
/** Looks that make a rate. */
const looks = 3;
/** What was the most once is forgotten, by half in 17 s: lines change. */
const keptPerLook = 0.99;

interface Look {
  readonly at: number;
  readonly bytes: number;
}

/** Compares tries with the room that the line has. */
export class Stragglers {
  #bytes = 0;
  #looks: Look[] = [];
  #began: number | undefined;
  #most = 0;
  /** Bytes per millisecond that the line could carry beside what it carries. */
  #room = 0;
  #found = false;

  /** Whether a try was slow although the line had room: connections lose speed with age here. */
  get found(): boolean {
    return this.#found;
  }

  /** Count bytes that moved, by whichever try. */
  moved(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Fewer parts travel from now on, and what was the most says nothing any more. */
  forget(): void {
    this.#looks = [];
    this.#began = undefined;
    this.#most = 0;
    this.#room = 0;
  }

  /** Look at the line, a few times a second; tell which tries are slow, the one that needs longest first. */
  look(attempts: Iterable<Attempt>, now: number): readonly Attempt[] {
    this.#measure(now);
    if (this.#room === 0) return [];
    const slow = [...attempts].filter((attempt) => this.isSlow(attempt, now));
    if (slow.length > 0) this.#found = true;
    return slow.sort((a, b) => b.left / b.rate(now) - a.left / a.rate(now));
  }

  /** Whether a try that is old enough to be judged is far from what a new one would have. */
  isSlow(attempt: Attempt, now: number): boolean {
    return now - attempt.began > leastAgeMs && attempt.rate(now) < this.#room * slowShare;
  }

  /** Whether a try needs longer for what is left than a new connection would for the whole part. */
  pays(attempt: Attempt, now: number): boolean {
    return attempt.left * this.#room > attempt.part.size * attempt.rate(now);
  }

  #measure(now: number): void {
    this.#began ??= now;
    if (now - this.#began < fillMs) return;
    this.#looks.push({ at: now, bytes: this.#bytes });
    const oldest = this.#looks[0];
    if (oldest === undefined || this.#looks.length <= looks) return;
    this.#looks.shift();
    const rate = (this.#bytes - oldest.bytes) / Math.max(1, now - oldest.at);
    this.#most = Math.max(rate, this.#most * keptPerLook);
    // Where nothing moves, a line is cut; it has no room.
    this.#room = rate > 0 && rate < this.#most * fullShare ? this.#most - rate : 0;
  }
}
