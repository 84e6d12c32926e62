/**
 * What lies at a store of uploads that have not become files, whoever began them (`docs/decisions/042-janitor.md`).
 *
 * @module
 */

import type { Abortable } from "./abortable.ts";

/** Who makes uploads at a store. It is written beside each, so that nobody else ends what is still worked on. */
export interface UploadOwner {
  /** Names the installation; the same after a restart. */
  readonly installation: string;
  /** How long an upload lives without activity. */
  readonly lifeMs: number;
}

/** An upload of ours that is not finished, or what one left behind. */
export interface UnfinishedUpload {
  /** As `Upload.id` has it, where there is something to be resumed. */
  readonly id: string;
  /** Absent where only bytes are left. */
  readonly path?: string | undefined;
  readonly begun: Date;
  /**
   * When its owner last worked on it, as far as it shows: a bucket is told once a day (`renewalMs`). In this
   * machine's time.
   */
  readonly renewed: Date;
  /** Absent where it is not known. */
  readonly owner?: UploadOwner | undefined;
  /** What its parts take, in bytes; 0 for one that is gone. */
  size(options?: Abortable): Promise<number>;
  /**
   * Free its parts, until the store has none, and what says that it is ours. The file of its path stays. Twice is fine.
   *
   * @throws {TransferError} `conflict` when it shows that somebody has worked on it since it was found: then it stays;
   *   `unavailable` while parts that were on their way land again and again
   */
  end(options?: Abortable): Promise<void>;
}

/** Which unfinished uploads are wanted. */
export interface UnfinishedOptions extends Abortable {
  /** Only those that nobody has worked on since. */
  readonly before?: Date | undefined;
}
