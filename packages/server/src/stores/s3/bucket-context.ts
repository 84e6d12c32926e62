import type { Limits, UploadOwner } from "@naru/core";
import type { StoreProfile } from "../profiles/store-profile.ts";
import type { BucketAddress } from "./bucket-address.ts";
import type { S3Control } from "./s3-control.ts";
import type { S3Wire } from "./s3-wire.ts";
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
  readonly profile: StoreProfile;
  readonly limits: Limits;
  /** Overwriting a file that was made of parts leaves them behind, where no call reaches them (OpenStack Swift). */
  readonly leavesParts: boolean;
  readonly control: S3Control;
  readonly wire: S3Wire;
  readonly signer: Signer;
  readonly clock: StoreClock;
  /** Whose uploads are made. */
  readonly owner: { current: UploadOwner };
}
