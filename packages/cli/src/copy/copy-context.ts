/** What copying files needs, the same for all of one run. */

import type { Budget } from "@naru/core";
import type { FileCopier } from "@naru/server";
import type { ProgressView } from "../progress.ts";
import type { Outcomes } from "../sync/carrier.ts";
import type { CopyEnd } from "./copy-end.ts";

export interface CopyContext {
  readonly from: CopyEnd;
  readonly to: CopyEnd;
  /** Copies within the service, where both ends are of one. */
  readonly copier: FileCopier | undefined;
  /** Where it is remembered what is on its way. */
  readonly stateFolder: string;
  readonly outcomes: Outcomes;
  readonly progress: ProgressView;
  readonly signal: AbortSignal;
  /** Wait until so many bytes may pass through this machine. */
  readonly pass: (bytes: number, options: { readonly signal: AbortSignal }) => Promise<void>;
  /** Of bytes of small files, which are held in memory. */
  readonly budget: Budget;
  readonly filesAtOnce: number;
  /** Parts at once, of one file. */
  readonly partsAtOnce: number;
  /** Bytes of small files in one request to a Naru, at most. */
  readonly batchBytes: number;
  /** Read each file at the target again. */
  readonly verify: boolean;
  readonly json: boolean;
}

/** One line of `--json`. */
export interface CopyLine {
  readonly path: string;
  readonly size: number;
  readonly seconds: number;
  /** What passed through this machine. */
  readonly bytesSent: number;
  readonly parts: number;
  readonly partsSkipped: number;
  /** CRC-64/NVME of the whole file, where it is known. */
  readonly checksum: string | undefined;
  /** `server` where the service copied it by itself. */
  readonly route: "server" | "client";
}
