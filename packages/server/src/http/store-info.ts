import type { WireStoreInfo } from "@naru/core";
import type { BinRule } from "../catalogue/bin-items.ts";
import type { Log } from "../log.ts";
import type { ServedStore } from "../served-store.ts";
import { batchMaxSize } from "./batch-routes.ts";

export interface StoreInfoOptions {
  readonly store: ServedStore;
  readonly bins?: readonly BinRule[] | undefined;
  /** Whether pages may use this server beside the store. */
  readonly bothRoutes: boolean;
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
    const { bins, bothRoutes, store } = this.#options;
    const direct = store.direct && (origin === undefined || (await this.#admits(origin)));
    return { direct, probes: await this.#probes(), limits: store.limitsFor(""), batchMaxSize, bothRoutes, bins };
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

  /**
   * Parts go round all public endpoints, so one that refuses sends the page through this server. It is not left out
   * instead: endpoints are names of one bucket with one set of rules, so that a single one that refuses is a mistake in
   * front of it, and the URLs that are signed would have to differ from page to page.
   */
  async #ask(origin: string): Promise<boolean> {
    const { store } = this.#options;
    // One that this server cannot reach may be there for the page, which tries each for itself.
    const verdicts = (await store.checkCors?.(origin).catch(() => [])) ?? [];
    const refusing = verdicts.filter(({ verdict }) => verdict === "refused").map(({ endpoint }) => endpoint);
    if (refusing.length === 0) return true;
    this.#warn(
      origin,
      refusing,
      verdicts.some(({ verdict }) => verdict === "admitted"),
    );
    return false;
  }

  #warn(origin: string, refusing: readonly string[], othersAdmit: boolean): void {
    if (this.#warned.has(origin) || this.#warned.size >= 100) return;
    this.#warned.add(origin);
    const what = `the store's CORS rules refuse pages of ${origin} at ${refusing.join(", ")}, so parts go through this server`;
    const remedy = othersAdmit
      ? "other endpoints admit them: let OPTIONS reach the store there, or take it out of publicEndpoint"
      : `set them: naru serve --set-cors ${origin}`;
    this.#options.log.warn({ origin, endpoints: refusing }, `${what}; ${remedy}`);
  }
}
