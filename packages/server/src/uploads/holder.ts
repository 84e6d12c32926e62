import type { Abortable, PartDigest } from "@naru/core";
import type { Rights } from "../catalogue/rights.ts";
import type { Crc32 } from "./body-digest.ts";

/** Whose call it is, and the epoch of the lease that it is made under. */
export interface Holder extends Abortable {
  readonly owner: string;
  /** What the caller may do; without them everything. */
  readonly rights?: Rights | undefined;
  readonly epoch?: number | undefined;
  /** By which it comes; HTTP by default. */
  readonly door?: string | undefined;
}

export interface PutPartOptions extends Holder {
  /** Told of the body's bytes as they pass. */
  readonly crc32?: Crc32 | undefined;
  /** What the sender says of the bytes. */
  readonly digest?: Partial<PartDigest> | undefined;
}
