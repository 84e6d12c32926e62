import type { Digester, FileJournal, NaruApi, Network, RouteWish } from "@naru/client/node";
import type { Budget, ConflictPolicy, WireSession, WireUpload } from "@naru/core";
import type { ProgressView } from "./progress.ts";

/** What sending files needs, the same for all of one run. */
export interface PutContext {
  readonly api: NaruApi;
  readonly network: Network;
  readonly digester: Digester;
  readonly session: WireSession;
  /** What the server had of mine when the run began. */
  readonly mine: readonly WireUpload[];
  readonly progress: ProgressView;
  readonly journal: FileJournal;
  readonly signal: AbortSignal;
  /** Of bytes in flight, over all files. */
  readonly budget: Budget;
  readonly route: RouteWish;
  readonly conflict: ConflictPolicy;
  /** Parts at once, of one file. */
  readonly concurrency: number;
  /** Files or batches at once. */
  readonly filesAtOnce: number;
  /** Bytes of small files in one request, at most. */
  readonly batchBytes: number;
  readonly partSize: number | undefined;
}
