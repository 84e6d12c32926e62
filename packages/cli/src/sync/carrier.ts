import type { Difference } from "./differences.ts";
import type { Seen } from "./seen.ts";

/** A file to carry. */
export type Carried = Extract<Difference, { kind: "new" | "changed" }>;

/** What became of files. */
export interface Outcomes {
  /** A file of `size` bytes has arrived; `moved` is what this run has moved of it. */
  arrived(size: number, moved: number): void;
  /** It was there with the same bytes. */
  provedSame(size: number): void;
  failed(path: string, error: unknown): void;
}

/** Carries files to the target of a sync. Paths are relative, as the target spells them. */
export interface Carrier {
  /** Where something is at the target, for people. */
  nameOf(to: string): string;
  /** Take a file on; resolves once there is a place for it. */
  carry(file: Carried): Promise<void>;
  makeFolder(to: string): Promise<void>;
  /** Remove what was seen; a file only if it is still the same. @throws {TransferError} `file-changed`, `conflict` */
  remove(to: string, seen: Seen): Promise<void>;
  /** Finish all that was taken on. */
  finish(): Promise<void>;
}
