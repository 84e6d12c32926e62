import type { StoredFile } from "@naru/core";

/** A file to copy. */
export interface CopyJob {
  /** As the source listed it, with its whole path there. */
  readonly file: StoredFile;
  /** Its whole path at the target. */
  readonly path: string;
  /** What the target has at that path. */
  readonly there: StoredFile | undefined;
}
