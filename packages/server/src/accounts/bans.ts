/** What an attempt weighs: a wrong password may be a slip. */
export const attemptWeight = { wrongSecret: 1, limitExceeded: 3 } as const;

/**
 * Scores failed attempts by address, and bans an address for a while once its score is high. Shared by the doors. Floods
 * of connections ask it, so it is no table of the database by itself; other implementations may keep it elsewhere.
 */
export interface Bans {
  /** Count a failed attempt. Trying on while banned makes the ban half as long again. */
  fail(address: string, weight?: number): Promise<void>;
  isBanned(address: string): Promise<boolean>;
}

export interface BansOptions {
  readonly now: () => number;
  /** The score at which an address is banned. */
  readonly threshold?: number | undefined;
  /** How long a score lasts after the latest failure. */
  readonly memoryMs?: number | undefined;
  readonly banMs?: number | undefined;
  /** How many addresses are remembered; the oldest are forgotten first. */
  readonly maxAddresses?: number | undefined;
}

interface Score {
  score: number;
  latest: number;
  bannedUntil: number;
}

const minute = 60_000;

/** Make bans that this process keeps: where several serve, each bans for itself. */
export function memoryBans(options: BansOptions): Bans {
  return new MemoryBans(options);
}

class MemoryBans implements Bans {
  readonly #records = new Map<string, Score>();
  readonly #now: () => number;
  readonly #threshold: number;
  readonly #memoryMs: number;
  readonly #banMs: number;
  readonly #maxAddresses: number;

  constructor({
    now,
    threshold = 15,
    memoryMs = 30 * minute,
    banMs = 30 * minute,
    maxAddresses = 10_000,
  }: BansOptions) {
    this.#now = now;
    this.#threshold = threshold;
    this.#memoryMs = memoryMs;
    this.#banMs = banMs;
    this.#maxAddresses = maxAddresses;
  }

  async fail(address: string, weight: number = attemptWeight.wrongSecret): Promise<void> {
    const key = plain(address);
    const now = this.#now();
    const known = this.#records.get(key);
    const record = known && !this.#faded(known, now) ? known : { score: 0, latest: now, bannedUntil: 0 };
    record.score += weight;
    record.latest = now;
    if (record.bannedUntil > now) record.bannedUntil = Math.max(record.bannedUntil, now + this.#banMs * 1.5);
    else if (record.score >= this.#threshold) record.bannedUntil = now + this.#banMs;
    // Set anew, so that the map stays in the order of the latest failure.
    this.#records.delete(key);
    this.#records.set(key, record);
    this.#forget(now);
  }

  async isBanned(address: string): Promise<boolean> {
    return (this.#records.get(plain(address))?.bannedUntil ?? 0) > this.#now();
  }

  #faded({ latest, bannedUntil }: Score, now: number): boolean {
    return now >= bannedUntil && (bannedUntil > 0 || now - latest > this.#memoryMs);
  }

  #forget(now: number): void {
    for (const [key, record] of this.#records) {
      if (!this.#faded(record, now) && this.#records.size <= this.#maxAddresses) return;
      this.#records.delete(key);
    }
  }
}

/** An IPv4 address seen through an IPv6 socket is the same address. */
function plain(address: string): string {
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}
