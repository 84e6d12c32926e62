import type { UploadOwner } from "@naru/core";
import type { BucketAddress } from "./bucket-address.ts";
import type { BucketFacts } from "./bucket-facts.ts";
import type { S3Control } from "./s3-control.ts";
import type { S3Wire } from "./s3-wire.ts";
import type { SigningKey } from "./signature-v4.ts";
import type { Signer } from "./signer.ts";
import type { StoreClock } from "./store-clock.ts";

/** One bucket, and the ways to talk to it. */
export interface BucketContext extends BucketAddress {
  /** What every key begins with. */
  readonly prefix: string;
  /** Where this server reaches it. */
  readonly endpoint: URL;
  /** Where browsers reach it; at least one. */
  readonly publicEndpoints: readonly [URL, ...URL[]];
  readonly facts: BucketFacts;
  readonly keys: () => Promise<SigningKey>;
  readonly control: S3Control;
  readonly wire: S3Wire;
  readonly signer: Signer;
  readonly clock: StoreClock;
  /** Whose uploads are made. */
  readonly owner: { current: UploadOwner };
}
