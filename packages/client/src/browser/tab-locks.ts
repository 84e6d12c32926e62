/**
 * One tab owns a transfer. Each tab holds a Web Lock for life; the journal says which tab owns an entry, so when a lock
 * comes free, its tab is gone and whoever gets the lock takes its transfers over. Tabs tell each other their rows, and
 * pass on verbs for rows that are not theirs.
 *
 * One lock a tab instead of one a transfer: 5,000 queued files must not mean 5,000 locks.
 *
 * @module
 */

import { TransferError } from "@naru/core";
import type { TransferRow } from "./transfers.ts";
import type { Call, PostedError } from "./worker-messages.ts";

type TabMessage =
  | { readonly kind: "hello"; readonly from: string }
  | {
      readonly kind: "rows";
      readonly from: string;
      readonly rows: readonly TransferRow[];
      readonly removed: readonly string[];
    }
  | { readonly kind: "verb"; readonly from: string; readonly to: string; readonly id: number; readonly call: Call }
  | { readonly kind: "answer"; readonly to: string; readonly id: number; readonly error?: PostedError | undefined };

/** What a tab does with what it hears. */
export interface TabListener {
  /** Another tab came: tell it all rows. */
  onHello(): void;
  onRows(from: string, rows: readonly TransferRow[], removed: readonly string[]): void;
  /** Do a verb for another tab; what is returned goes back. */
  onVerb(call: Call): Promise<PostedError | undefined>;
  /** A tab is gone: take over what it owned. Runs under its lock. */
  onGone(tab: string): Promise<void>;
}

const answerTimeoutMs = 10_000;

/** This tab among the others of one user. */
export class Tabs {
  readonly id: string = randomId();
  readonly #user: string;
  readonly #listener: TabListener;
  readonly #channel: BroadcastChannel;
  readonly #watched = new Set<string>();
  readonly #asked = new Map<number, (error: PostedError | undefined) => void>();
  #lastId = 0;

  constructor(user: string, listener: TabListener) {
    this.#user = user;
    this.#listener = listener;
    this.#channel = new BroadcastChannel(`naru:${user}`);
  }

  /** Take this tab's lock and make it known. */
  async open(): Promise<void> {
    if (navigator.locks) {
      await new Promise<void>((resolve) => {
        // Held until the worker ends: the inner promise never settles.
        void navigator.locks.request(this.#lock(this.id), () => {
          resolve();
          return new Promise(() => undefined);
        });
      });
    }
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => this.#hear(data);
    this.#send({ kind: "hello", from: this.id });
  }

  /** Wait for `tab` to be gone, then take over. Resolves at once when it is gone already, else when that is known. */
  async watch(tab: string): Promise<void> {
    if (tab === this.id || this.#watched.has(tab)) return;
    this.#watched.add(tab);
    // Without locks (a page that is not served securely) nobody else is known to live.
    if (!navigator.locks) return this.#listener.onGone(tab);
    const gone = await navigator.locks.request(this.#lock(tab), { ifAvailable: true }, async (lock) => {
      if (lock) await this.#listener.onGone(tab);
      return lock !== null;
    });
    if (gone) return;
    void navigator.locks.request(this.#lock(tab), () => this.#listener.onGone(tab));
  }

  /** Tell the others what changed here. */
  tellRows(rows: readonly TransferRow[], removed: readonly string[]): void {
    if (rows.length + removed.length > 0) this.#send({ kind: "rows", from: this.id, rows, removed });
  }

  /** Have another tab do a verb. */
  ask(to: string, call: Call): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const answered = (error: PostedError | undefined): void => {
        clearTimeout(timer);
        this.#asked.delete(id);
        if (error) reject(new TransferError(error.code, error.message));
        else resolve();
      };
      const late: PostedError = { code: "unavailable", message: "Cannot ask the other tab: it does not answer" };
      const timer = setTimeout(() => answered(late), answerTimeoutMs);
      this.#asked.set(id, answered);
      this.#send({ kind: "verb", from: this.id, to, id, call });
    });
  }

  #hear(message: TabMessage): void {
    if ("from" in message) void this.watch(message.from);
    if (message.kind === "hello") this.#listener.onHello();
    else if (message.kind === "rows") this.#listener.onRows(message.from, message.rows, message.removed);
    else if (message.to !== this.id) return;
    else if (message.kind === "answer") this.#asked.get(message.id)?.(message.error);
    else {
      const { from: to, id } = message;
      void this.#listener.onVerb(message.call).then((error) => this.#send({ kind: "answer", to, id, error }));
    }
  }

  #send(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  #lock(tab: string): string {
    return `naru:${this.#user}:${tab}`;
  }
}

/** Make a name that nobody else has; `crypto.randomUUID` is missing where the page is not served securely. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
