/**
 * How a server becomes a paired one. A page asks; the agent registers at the page's own origin and gets a code; the
 * agent's window and the page show it. Two consents are needed: of the agent's user here (or of the administrator, by the
 * list of allowed origins), and of the signed-in user in the page, which the server tells when the agent claims.
 *
 * @module
 */

import { setTimeout as wait } from "node:timers/promises";
import { AgentApi, type Fetch } from "@naru/client";
import { isTransferError, TransferError } from "@naru/core";
import type { PairedServer, PairedServers } from "./paired-servers.ts";

/** A pairing that waits for its user. */
export interface PendingPairing {
  readonly origin: string;
  /** Six digits, to be compared with the page's. */
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Whether the agent's user, or an administrator, has allowed it. */
  readonly allowed: boolean;
}

export interface PendingPairingsOptions {
  readonly servers: PairedServers;
  /** What the page's user knows this computer by. */
  readonly device: string;
  /** Origins that an administrator allowed; when there are any, no others may ask. */
  readonly allowedOrigins: readonly string[];
  readonly log: (line: string) => void;
  readonly fetch?: Fetch | undefined;
  /** How often the server is asked whether the code was confirmed. */
  readonly askEveryMs?: number | undefined;
}

export interface PairOptions {
  /** The agent's own user began it, which is their yes. */
  readonly isAsked?: boolean | undefined;
}

interface Asked {
  pairing: PendingPairing;
  /** Aborts when the agent's user has said yes. */
  readonly yes: AbortController;
  readonly stop: AbortController;
}

const maxAsked = 3;
/** An origin that was refused may not ask again at once. */
const quietMs = 10 * 60_000;

/** Pairings on their way, for the socket door that begins them and the window that shows them. */
export class PendingPairings {
  readonly #options: PendingPairingsOptions;
  readonly #asked = new Map<string, Asked>();
  readonly #quiet = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  constructor(options: PendingPairingsOptions) {
    this.#options = options;
  }

  /** What waits now. */
  pending(): readonly PendingPairing[] {
    return [...this.#asked.values()].map(({ pairing }) => pairing);
  }

  /** Call `listener` whenever `pending` has changed, until what is returned is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The agent's user has compared the codes and says yes. */
  allow(origin: string): void {
    const asked = this.#asked.get(origin);
    if (asked === undefined) return;
    asked.pairing = { ...asked.pairing, allowed: true };
    asked.yes.abort();
    this.#notify();
  }

  /** The agent's user says no: the origin may not ask again for a while. */
  refuse(origin: string): void {
    const asked = this.#asked.get(origin);
    if (asked === undefined) return;
    this.#quiet.set(origin, Date.now() + quietMs);
    asked.stop.abort(new TransferError("forbidden", `Cannot pair with "${origin}": the agent's user refused`));
  }

  /**
   * Pair with the server at `origin`: `onCode` is told what both sides show; resolves once both have consented.
   *
   * @throws {TransferError} `forbidden` when refused, `throttled` when too many ask, `expired`, and what reaching it throws
   */
  async pair(
    origin: string,
    onCode: (pairing: PendingPairing) => void,
    { isAsked = false }: PairOptions = {},
  ): Promise<PairedServer> {
    if (isAsked) this.#quiet.delete(origin);
    this.#mayAsk(origin);
    const { servers, device, allowedOrigins, log, fetch, askEveryMs = 1000 } = this.#options;
    const stop = new AbortController();
    const yes = new AbortController();
    const allowed = isAsked || allowedOrigins.includes(origin);
    const asked: Asked = { yes, stop, pairing: { origin, code: "", expires: 0, allowed } };
    this.#asked.set(origin, asked);
    try {
      const api = new AgentApi({ origin, auth: { kind: "cookie" }, fetch });
      const begun = await api.beginPairing(device, { signal: stop.signal });
      asked.pairing = { ...asked.pairing, code: begun.code, expires: Date.parse(begun.expires) };
      this.#notify();
      onCode(asked.pairing);
      const late = AbortSignal.timeout(Math.max(1, asked.pairing.expires - Date.now()));
      const signal = AbortSignal.any([stop.signal, late]);
      if (!asked.pairing.allowed) await allowedBy(yes.signal, signal);
      for (;;) {
        const claim = await api.claimPairing(begun, { signal });
        if (claim.paired) {
          const server = { origin, user: claim.user, token: claim.token, since: Date.now() };
          await servers.add(server);
          log(`paired with ${origin} as ${claim.user}`);
          return server;
        }
        await wait(askEveryMs, undefined, { signal });
      }
    } catch (error) {
      throw isTransferError(stop.signal.reason) ? stop.signal.reason : unpaired(origin, error);
    } finally {
      this.#asked.delete(origin);
      this.#notify();
    }
  }

  #mayAsk(origin: string): void {
    const { allowedOrigins } = this.#options;
    if (allowedOrigins.length > 0 && !allowedOrigins.includes(origin)) {
      throw new TransferError("forbidden", `Cannot pair with "${origin}": the administrator has not allowed it`);
    }
    const busy = this.#asked.size >= maxAsked || this.#asked.has(origin);
    if (busy || (this.#quiet.get(origin) ?? 0) > Date.now()) {
      throw new TransferError("throttled", `Cannot pair with "${origin}": it has already asked`);
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Wait for the user's yes. */
function allowedBy(yes: AbortSignal, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const no = (): void => reject(signal.reason);
    if (signal.aborted) return no();
    signal.addEventListener("abort", no, { once: true });
    if (yes.aborted) resolve();
    yes.addEventListener("abort", () => resolve(), { once: true });
  });
}

function unpaired(origin: string, error: unknown): TransferError {
  const isLate = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
  if (isTransferError(error) && error.code !== "not-found") return error;
  const why = isLate || isTransferError(error) ? "nobody confirmed the code in time" : "the server cannot be reached";
  return new TransferError("expired", `Cannot pair with "${origin}": ${why}`, { cause: error });
}
