/** What the window, the command line and a page are told of a transfer. It holds no secret. */

import type { FailureCode } from "@naru/core";
import type { Way } from "../spool/spool.ts";

/** `waiting`: for its turn. `scheduled`: for the hours of the schedule. `needs-file`: for bytes that nobody feeds. */
export type TransferStateName =
  | "waiting"
  | "scheduled"
  | "needs-file"
  | "checking"
  | "uploading"
  | "offline"
  | "verifying"
  | "paused"
  | "done"
  | "failed"
  | "cancelled";

export interface TransferView {
  readonly id: string;
  /** The file's name on this side. */
  readonly name: string;
  /** Its path on this side; only when the agent opens the file itself. */
  readonly file?: string | undefined;
  /** Its path at the far side. */
  readonly path: string;
  /** Where it goes, without secrets, e.g. `sftp://ann@host:22/in/`. */
  readonly to: string;
  readonly way: Way;
  readonly size: number;
  readonly state: TransferStateName;
  /** Bytes that the destination has receipts for. */
  readonly confirmed: number;
  /** Bytes handed to the network beyond them. */
  readonly inFlight: number;
  /** Bytes that must still come from the feeder; 0 means that the tab may be closed. */
  readonly unfed: number;
  /** Bytes of the spool on disk. */
  readonly held: number;
  /** Bytes per second. */
  readonly speed: number;
  readonly secondsLeft?: number | undefined;
  /** Bytes sent and parts not sent again, in this run. */
  readonly bytesSent: number;
  readonly parts: number;
  readonly partsSkipped: number;
  readonly error?: { readonly code: FailureCode; readonly message: string } | undefined;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly ended?: number | undefined;
  /** Who asked for it: a page's origin, or absent for this computer's user. */
  readonly owner?: string | undefined;
}
