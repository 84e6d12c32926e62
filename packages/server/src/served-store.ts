import type { Files, Store } from "@naru/core";
import type { Log } from "./log.ts";

/** What a store with a direct route may tell of itself. */
export interface DirectStore {
  /** A URL on each public endpoint. */
  probes(): Promise<readonly string[]>;
  /** Ask each public endpoint whether its CORS admits pages of an origin. */
  checkCors(origin: string): Promise<readonly EndpointVerdict[]>;
}

/** What a store with a clock of its own may tell of it. */
export interface ClockedStore {
  /** How far its clock is ahead of this machine's; 0 while they agree. */
  clockSkewMs(): number;
  onClockSkew(listener: (skewMs: number) => void): void;
}

interface EndpointVerdict {
  readonly endpoint: string;
  readonly verdict: "admitted" | "refused" | "unreachable";
}

/** What an upload lies in at the store. */
export interface Leftover {
  readonly id: string;
  remove(): Promise<void>;
}

/** A store that can tell what lies in it of uploads, also of those that nobody knows any more. */
export interface LeftoverStore {
  /** Only what nothing has touched since `before`. */
  leftovers(before: Date): AsyncIterable<Leftover>;
}

/** The store of a server. */
export type ServedStore = Store & Files & Partial<DirectStore> & Partial<LeftoverStore> & Partial<ClockedStore>;

/** Say in the log when this machine's clock is found to be wrong, and when it is right again. */
export function warnOfSkew({ onClockSkew }: Partial<ClockedStore>, log: Log): void {
  onClockSkew?.((skewMs) => {
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    const fields = { clockSkewSeconds: Math.round(skewMs / 1000) };
    if (skewMs === 0) return log.info(fields, "this machine's clock agrees with the store's again");
    const what = `this machine's clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the store's`;
    log.warn(fields, `${what}; requests are signed with the store's time; set the clock (NTP)`);
  });
}
