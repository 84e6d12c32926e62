import type { Abortable } from "@naru/core";
import type { BucketAddress } from "./bucket-address.ts";
import type { BucketFacts } from "./bucket-facts.ts";
import type { RequestSigner } from "./signer.ts";
import type { StoreClock } from "./store-clock.ts";

export interface ControlOptions extends BucketAddress {
  readonly endpoint: string;
  readonly signer: RequestSigner;
  readonly clock: StoreClock;
  readonly facts: BucketFacts;
}

/** Which of an object's versions is meant; the current one by default. */
export interface VersionOptions extends Abortable {
  readonly version?: string | undefined;
}

export interface VersionsOptions extends Abortable {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface PartsOptions extends Abortable {
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}
