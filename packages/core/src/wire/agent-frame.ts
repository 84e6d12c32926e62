/**
 * Binary messages from a page to the agent: 12 bytes of head, then bytes of the file. The head is a big-endian uint32
 * with the channel and a big-endian uint64 with the offset in the file. Channel 0 leads nowhere, for measuring.
 *
 * @module
 */

import { TransferError } from "../errors.ts";
import { MiB } from "../units.ts";

/** Bytes of a file in one message, at most. */
export const agentFrameSize: number = MiB;
export const agentFrameHead: number = 12;

export interface AgentFrame {
  readonly channel: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Write the head of a message. */
export function agentFrameHeader(channel: number, offset: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(agentFrameHead);
  const view = new DataView(head.buffer);
  view.setUint32(0, channel);
  view.setBigUint64(4, BigInt(offset));
  return head;
}

/** Read a message; its bytes are a view. @throws {TransferError} `invalid` for one that is too short or too long */
export function decodeAgentFrame(message: Uint8Array): AgentFrame {
  if (message.byteLength < agentFrameHead || message.byteLength > agentFrameHead + agentFrameSize) {
    throw new TransferError("invalid", `Cannot read a frame: it has ${message.byteLength} bytes`);
  }
  const view = new DataView(message.buffer, message.byteOffset, agentFrameHead);
  const offset = Number(view.getBigUint64(4));
  if (!Number.isSafeInteger(offset)) throw new TransferError("invalid", "Cannot read a frame: its offset is too large");
  return { channel: view.getUint32(0), offset, bytes: message.subarray(agentFrameHead) };
}
