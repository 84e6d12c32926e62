import type { Bans } from "../accounts/bans.ts";
import { attemptWeight } from "../accounts/bans.ts";

/** When strangers are turned away, by chance from `begin` on and always from `full` on (OpenSSH's MaxStartups). */
export interface Startups {
  readonly begin: number;
  /** Of those beyond `begin`, turn away this share; it grows to all of them at `full`. */
  readonly share: number;
  readonly full: number;
}

export interface AdmissionOptions {
  readonly bans: Bans;
  readonly perAddress: number;
  readonly startups: Startups;
  readonly random?: (() => number) | undefined;
}

/** A connection that was let in. */
export interface Admitted {
  /** It is a stranger no more. */
  known(): void;
  left(): void;
}

/** Lets connections in, as many as there may be of an address and of strangers. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #random: () => number;
  readonly #byAddress = new Map<string, number>();
  /** Those of them that have signed in. */
  readonly #knownByAddress = new Map<string, number>();
  #strangers = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  /** Let a connection in; a text says why not. */
  async enter(address: string): Promise<Admitted | string> {
    const { bans, perAddress } = this.#options;
    if (await bans.isBanned(address)) return "the address is banned";
    if ((this.#byAddress.get(address) ?? 0) >= perAddress) {
      // One of an office whose people have signed in wants too much; it is no attack.
      if (!this.#knownByAddress.has(address)) await bans.fail(address, attemptWeight.limitExceeded);
      return "too many connections from the address";
    }
    if (this.#turnsAway()) return "too many connections that have not signed in";
    count(this.#byAddress, address, 1);
    return this.#admit(address);
  }

  #admit(address: string): Admitted {
    this.#strangers++;
    let isKnown = false;
    const known = (): void => {
      if (isKnown) return;
      isKnown = true;
      this.#strangers--;
      count(this.#knownByAddress, address, 1);
    };
    return {
      known,
      left: () => {
        if (isKnown) count(this.#knownByAddress, address, -1);
        else this.#strangers--;
        count(this.#byAddress, address, -1);
      },
    };
  }

  #turnsAway(): boolean {
    const { begin, share, full } = this.#options.startups;
    if (this.#strangers < begin) return false;
    if (this.#strangers >= full) return true;
    const grown = share + ((1 - share) * (this.#strangers - begin)) / (full - begin);
    return this.#random() < grown;
  }
}

function count(counts: Map<string, number>, address: string, by: 1 | -1): void {
  const sum = (counts.get(address) ?? 0) + by;
  if (sum > 0) counts.set(address, sum);
  else counts.delete(address);
}
