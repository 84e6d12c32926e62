/**
 * Feeds one file to the agent, by whatever way leads there: slices only, as far as the agent's credit goes. Bytes that the
 * agent holds already are not sent, and what it has lost is sent again.
 *
 * @module
 */

import { type AgentGrant, type AgentProof, type ByteRange, Crc64, MiB } from "@naru/core";

/** The way to the agent for the bytes of one file. */
export interface FeedTarget {
  /** What the agent said last. */
  readonly grant: AgentGrant;
  /** Bytes that travel at once, at most. */
  readonly sliceSize: number;
  /** Whether bytes that the agent has no room for yet may set out: they wait on the way. */
  readonly mayWait: boolean;
  /**
   * Send bytes from an offset on; tell whether the agent took them.
   *
   * @throws {TransferError} `unreachable` when the agent goes, or why it refuses the file
   */
  send(start: number, bytes: Blob): Promise<boolean>;
  /** Wait until the grant may be another. @throws {TransferError} as `send` does */
  changed(): Promise<void>;
}

/** Feed a file until the agent has all of it. @throws {TransferError} what the target throws */
export async function feedAgent(file: Blob, target: FeedTarget): Promise<void> {
  let { durable: position, rewinds } = target.grant;
  for (;;) {
    const { grant } = target;
    if (grant.missing.length === 0) return;
    // What was fed and is lost comes once more.
    position = grant.rewinds === rewinds ? Math.max(position, grant.durable) : grant.durable;
    rewinds = grant.rewinds;
    // Past the ranges that were told, all may be missing.
    const range = grant.missing.find(({ end }) => end > position);
    const start = range === undefined ? position : Math.max(position, range.start);
    const room = target.mayWait && grant.credit > 0 ? file.size : grant.durable + grant.credit;
    const end = Math.min(room, file.size, start + target.sliceSize, range?.end ?? file.size);
    if (start < end && (await target.send(start, file.slice(start, end)))) position = end;
    else await target.changed();
  }
}

/** Read ranges, a slice at a time, and give their CRC-64/NVME: by these the agent tells a file that is chosen again from another. */
export async function proveRanges(file: Blob, ranges: readonly ByteRange[]): Promise<readonly AgentProof[]> {
  const proofs: AgentProof[] = [];
  for (const { start, end } of ranges) {
    const crc = new Crc64();
    for (let at = start; at < end; at += MiB) {
      crc.update(new Uint8Array(await file.slice(at, Math.min(end, at + MiB)).arrayBuffer()));
    }
    proofs.push({ start, end, crc64: crc.hex() });
  }
  return proofs;
}
