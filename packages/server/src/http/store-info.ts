import type { Files, Store, WireStoreInfo } from "@naru/core";
import type { Log } from "../uploads/log.ts";
import { batchMaxSize } from "./batch-door.ts";

/** What a store with a direct route may tell of itself. */
export interface DirectStore {
  /** A URL on each public endpoint. */
  probes(): Promise<readonly string[]>;
  /** Whether the store's CORS rules admit pages of an origin. */
  checkCors(origin: string): Promise<"admitted" | "refused" | "unreachable">;
}

/** The store behind the door. */
export type DoorStore = Store & Files & Partial<DirectStore>;

export interface StoreInfoOptions {
  readonly store: DoorStore;
  readonly now: () => number;
  readonly log: Log;
}

const rememberMs = 60_000;

/** Knows what to tell a page of the store: above all whether its bytes may go straight there. */
export class StoreInfo {
  readonly #options: StoreInfoOptions;
  readonly #admitted = new Map<string, { readonly until: number; readonly answer: Promise<boolean> }>();
  readonly #warned = new Set<string>();

  constructor(options: StoreInfoOptions) {
    this.#options = options;
  }

  /** The origins that a page must be able to reach. */
  async origins(): Promise<string[]> {
    return [...new Set((await this.#probes()).map((url) => new URL(url).origin))];
  }

  /** What the store can do, for pages of `origin`; without one, for programs. */
  async for(origin: string | undefined): Promise<WireStoreInfo> {
    const { store } = this.#options;
    const able = store.presignRead !== undefined;
    const direct = able && (origin === undefined || (await this.#admits(origin)));
    return { direct, probes: await this.#probes(), limits: store.limits, batchMaxSize };
  }

  async #probes(): Promise<readonly string[]> {
    return (await this.#options.store.probes?.()) ?? [];
  }

  #admits(origin: string): Promise<boolean> {
    const { now } = this.#options;
    const known = this.#admitted.get(origin);
    if (known && known.until > now()) return known.answer;
    // Anyone may name any host: the memory is bounded.
    if (this.#admitted.size > 100) this.#admitted.clear();
    const answer = this.#ask(origin);
    this.#admitted.set(origin, { until: now() + rememberMs, answer });
    return answer;
  }

  async #ask(origin: string): Promise<boolean> {
    const { store, log } = this.#options;
    if (!store.checkCors) return true;
    const said = await store.checkCors(origin).catch(() => "unreachable" as const);
    if (said === "refused" && !this.#warned.has(origin) && this.#warned.size < 100) {
      this.#warned.add(origin);
      log.warn(
        { origin },
        `the store's CORS rules refuse pages of ${origin}; set them: naru serve --set-cors ${origin}`,
      );
    }
    return said !== "refused";
  }
}
