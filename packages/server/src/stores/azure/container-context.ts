import type { Limits, UploadOwner } from "@naru/core";
import type { S3Wire } from "../s3/s3-wire.ts";
import type { StoreClock } from "../s3/store-clock.ts";
import type { BlobAccess } from "./blob-access.ts";
import type { BlobService } from "./blob-service.ts";

/** How the service copies, in bytes. */
export interface CopySizes {
  /** What it copies in one call, at once. */
  readonly whole: number;
  /** What is larger it copies in blocks of so many. */
  readonly block: number;
}

/** One container, and the ways to talk to it. */
export interface ContainerContext {
  readonly container: string;
  /** What every name begins with. */
  readonly prefix: string;
  /** Where this server reaches the blob service; no final slash. */
  readonly endpoint: string;
  /** Where browsers reach it; at least one. */
  readonly publicEndpoints: readonly [string, ...string[]];
  readonly limits: Limits;
  readonly copySizes: CopySizes;
  readonly service: BlobService;
  readonly access: BlobAccess;
  readonly wire: S3Wire;
  readonly clock: StoreClock;
  /** Whose uploads are made. */
  readonly owner: { current: UploadOwner };
}
