import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { TransferError, type WireClaim, type WirePairing } from "@naru/core";
import { Attempts } from "../accounts/attempts.ts";
import type { Secrets } from "../accounts/secrets.ts";

export interface PairingsOptions {
  readonly secrets: Secrets;
  readonly now: () => number;
}

interface Pending {
  readonly device: string;
  readonly hash: Buffer;
  readonly expires: number;
  /** Who confirmed it. */
  account?: string;
}

const lifeMs = 5 * 60_000;
const maxPending = 1000;

/**
 * Agents that ask to be known. Both sides show the same six digits; the account that confirms them in the page is the one
 * that the agent's token is for. Kept in memory: a restart only means asking again.
 */
export class Pairings {
  readonly #secrets: Secrets;
  readonly #now: () => number;
  readonly #pending = new Map<string, Pending>();
  readonly #begun: Attempts;
  readonly #guesses: Attempts;

  constructor({ secrets, now }: PairingsOptions) {
    this.#secrets = secrets;
    this.#now = now;
    this.#begun = new Attempts({ now, limit: 20 });
    this.#guesses = new Attempts({ now, limit: 10 });
  }

  /** Begin; anyone may. @throws {TransferError} `throttled` */
  begin(device: string, address: string): WirePairing {
    this.#begun.take(address);
    this.#prune();
    if (this.#pending.size >= maxPending)
      throw new TransferError("throttled", "Cannot pair: too many agents are asking");
    const secret = randomBytes(32).toString("base64url");
    const code = this.#freeCode();
    const expires = this.#now() + lifeMs;
    this.#pending.set(code, { device, hash: digest(secret), expires });
    return { code, secret, expires: new Date(expires).toISOString() };
  }

  /** Confirm the code for an account: the device's name. @throws {TransferError} `not-found`, `throttled` after many guesses */
  confirm(code: string, account: string): { readonly device: string } {
    this.#guesses.take(account);
    this.#prune();
    const pending = this.#pending.get(code);
    if (pending === undefined || (pending.account !== undefined && pending.account !== account)) {
      throw new TransferError("not-found", "Cannot pair: no agent shows this code, or it has expired");
    }
    this.#guesses.giveBack(account);
    pending.account = account;
    return { device: pending.device };
  }

  /** Ask how far it is; once confirmed, the agent's token, told once. @throws {TransferError} `not-found` */
  async claim(code: string, secret: string): Promise<WireClaim> {
    this.#prune();
    const pending = this.#pending.get(code);
    if (pending === undefined || !timingSafeEqual(pending.hash, digest(secret))) {
      throw new TransferError("not-found", "Cannot pair: the code is not this agent's, or it has expired");
    }
    if (pending.account === undefined) return { paired: false };
    this.#pending.delete(code);
    const { secret: token } = await this.#secrets.issue("agent", pending.account, pending.device);
    return { paired: true, user: pending.account, token };
  }

  #freeCode(): string {
    for (;;) {
      const code = String(randomInt(1_000_000)).padStart(6, "0");
      if (!this.#pending.has(code)) return code;
    }
  }

  #prune(): void {
    const now = this.#now();
    for (const [code, { expires }] of this.#pending) if (expires <= now) this.#pending.delete(code);
  }
}

function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
