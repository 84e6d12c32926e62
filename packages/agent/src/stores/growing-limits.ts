import { GiB, type Limits, TiB } from "@naru/core";

/** Parts of any size, one after another: the next may begin when the last is taken, before it is durable. */
export const growingLimits: Limits = {
  minPartSize: 1,
  maxPartSize: 5 * GiB,
  maxParts: 1_000_000,
  maxSize: 16 * TiB,
  equalParts: true,
  maxInFlight: 2,
};
