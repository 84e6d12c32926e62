/** What a page is told: views and grants without anything that is not the page's business. */

import { type AgentGrant, type AgentTransfer, TransferError, toWireError } from "@naru/core";
import type { Spool } from "../spool/spool.ts";
import type { TransferView } from "../transfers/transfer-view.ts";

const mostRanges = 16;

/** Tell of a transfer. */
export function pageTransfer(view: TransferView): AgentTransfer {
  const { id, name, path, size, state, way, confirmed, inFlight, unfed, speed, secondsLeft, error } = view;
  return {
    id,
    name,
    path,
    size,
    state,
    way,
    confirmed,
    inFlight,
    unfed,
    speed,
    secondsLeft,
    error: error && toWireError(new TransferError(error.code, error.message)),
  };
}

/** Tell how far a page may feed. */
export function pageGrant({ grant, missing }: Spool): AgentGrant {
  return { ...grant, missing: missing.slice(0, mostRanges) };
}
