/**
 * The room that all spools share: a limit set by the user, and what the disk has. Room is taken before credit is given,
 * so the disk fills only when others fill it; then everything waits until there is room again.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import { GiB, MiB } from "@naru/core";

const lookAgainMs = 1000;
/** Of the disk, never used: the journal and other programs live there too. */
const reserve = { share: 0.05, most: 2 * GiB, least: 4 * MiB };

/** What the spools may use of a disk. */
export class Room implements Disposable {
  readonly #folder: string;
  readonly #waiting = new Set<() => void>();
  #limit: number;
  #taken = 0;
  #unwritten = 0;
  #diskFree = Number.MAX_SAFE_INTEGER;
  #full = false;
  #timer: NodeJS.Timeout | undefined;

  /** Watch the disk that `folder` is on. */
  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Bytes that may still be taken; never negative. */
  get free(): number {
    return this.#full ? 0 : Math.max(0, Math.min(this.#limit - this.#taken, this.#diskFree));
  }

  get taken(): number {
    return this.#taken;
  }

  /** Set the user's limit; those who wait are told. */
  limit(bytes: number): void {
    this.#limit = bytes;
    this.#notify();
  }

  /** Take bytes if they fit. */
  take(bytes: number): boolean {
    if (bytes > this.free) return false;
    this.force(bytes);
    return true;
  }

  /** Take bytes whether they fit or not: what is there already, or without which nothing would move. */
  force(bytes: number): void {
    this.#taken += bytes;
    this.#unwritten += bytes;
    this.#diskFree -= bytes;
  }

  /** Note that bytes which were taken are on the disk now. */
  wrote(bytes: number): void {
    this.#unwritten -= bytes;
  }

  /** Give bytes back, `unwritten` of which never were on the disk; those who wait are told. */
  give(bytes: number, unwritten = 0): void {
    if (bytes === 0) return;
    this.#taken -= bytes;
    this.#unwritten -= unwritten;
    this.#diskFree += bytes;
    this.#notify();
  }

  /** Ask the disk. */
  async measure(): Promise<void> {
    const { bavail, blocks, bsize } = await statfs(this.#folder);
    const kept = Math.max(reserve.least, Math.min(reserve.most, blocks * bsize * reserve.share));
    this.#diskFree = bavail * bsize - kept - this.#unwritten;
  }

  /** Note that the disk refused bytes. */
  noteFull(): void {
    this.#full = true;
  }

  /** Call `listener` once there may be more room; the disk is looked at only while somebody waits. */
  whenMore(listener: () => void): void {
    this.#waiting.add(listener);
    this.#timer ??= setTimeout(() => void this.#look(), lookAgainMs);
  }

  forget(listener: () => void): void {
    this.#waiting.delete(listener);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    // A disk that does not answer has no room.
    await this.measure().catch(() => undefined);
    this.#notify();
  }

  #notify(): void {
    this.#full = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener();
  }
}
