import {
  type Digester,
  type FileJournal,
  fileJournal,
  type NaruApi,
  type Network,
  type RouteWish,
} from "@naru/client/node";
import {
  type Abortable,
  type Budget,
  bytesBudget,
  type ConflictPolicy,
  MiB,
  type WireSession,
  type WireUpload,
} from "@naru/core";
import { noDirectRoute } from "./no-direct-route.ts";
import type { ProgressView } from "./progress.ts";
import type { Remote } from "./remote.ts";
import { batchBytes, type SpeedLimit, sharing } from "./speed-limit.ts";

/** What sending files needs, the same for all of one run. */
export interface PutContext extends PutParts {
  readonly journal: FileJournal;
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
  /** In bytes. */
  readonly partSize: number | undefined;
  readonly limit: SpeedLimit;
}

/** What the server says before anything is sent. */
export interface PutServer {
  readonly session: WireSession;
  /** What it had of mine when the run began. */
  readonly mine: readonly WireUpload[];
}

/** What a command opens to send with. */
export interface PutParts extends PutServer {
  readonly api: NaruApi;
  readonly network: Network;
  readonly digester: Digester;
  readonly progress: ProgressView;
  readonly signal: AbortSignal;
}

/** How files are sent, as the user wishes. */
export interface PutWish {
  readonly route: RouteWish;
  readonly concurrency: number;
  /** In MiB. */
  readonly partSize?: number | undefined;
  readonly conflict: ConflictPolicy;
  readonly limit?: SpeedLimit;
  readonly remote: Remote;
}

const filesAtOnce = 3;
const budgetSize = 512 * MiB;

/** Ask the server who I am and what it has of mine. @throws {TransferError} `unsupported` where the wished route is not */
export async function serverOf(
  api: NaruApi,
  { route }: Pick<PutWish, "route">,
  { signal }: Abortable,
): Promise<PutServer> {
  const [session, mine] = await Promise.all([api.session({ probe: false, signal }), api.mine({ signal })]);
  if (route === "direct" && !session.store.direct) throw noDirectRoute("send");
  return { session, mine };
}

/** Make the context of a run that sends files. */
export function putContext(parts: PutParts, wish: PutWish): PutContext {
  const { route, conflict, concurrency, limit, partSize, remote } = wish;
  return {
    ...parts,
    route,
    conflict,
    journal: fileJournal(remote.stateFolder),
    budget: bytesBudget(budgetSize),
    limit,
    concurrency: sharing(limit, concurrency),
    filesAtOnce: sharing(limit, filesAtOnce),
    batchBytes: batchBytes(limit),
    partSize: partSize === undefined ? undefined : partSize * MiB,
  };
}
