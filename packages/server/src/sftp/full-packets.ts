/**
 * Answers in full packets (RFC 4254 section 5.2). ssh2 makes a packet at least of every write, so what is in pieces, as an
 * answer with its head and its data, would have to be copied together before.
 *
 * @module
 */

import { KiB } from "@naru/core";
import { hasFields } from "./known-fields.ts";
import type { ServerChannel } from "./ssh2.ts";

/** Some clients say that they take packets of any size. */
const largestPacket = 64 * KiB;

/** What of ssh2's channel is used: no part of its public face, and looked at before. */
interface ChannelInside {
  readonly outgoing: { readonly id: number; readonly packetSize: number; readonly state: string; window: number };
  readonly _client: { readonly _protocol: { channelData(channel: number, data: Buffer): void } };
  /** It waits for leave to send, and calls `_chunkcb` then, unless `_chunk` is left to be sent. */
  _waitWindow: boolean;
  _chunk: Buffer | undefined;
  _chunkcb: (() => void) | undefined;
}

/** Whether a client takes packets of a size with which answers come to an end; RFC 4254 has it take far larger ones. */
export function takesPackets(channel: ServerChannel): boolean {
  const inside: unknown = channel;
  return !isInside(inside) || inside.outgoing.packetSize >= KiB;
}

/** Have what is written to a channel while it is corked leave in full packets, without being put together before. */
export function fillPackets(channel: ServerChannel): void {
  const inside: unknown = channel;
  // Without it each piece is a packet of its own: slower, and right.
  if (!isInside(inside)) return;
  const send = (pieces: Pieces, done: () => void): void => {
    const { outgoing } = inside;
    if (outgoing.state !== "open") return;
    while (pieces.left > 0 && outgoing.window > 0) {
      const bytes = pieces.take(Math.min(outgoing.packetSize, outgoing.window, largestPacket));
      outgoing.window -= bytes.length;
      inside._client._protocol.channelData(outgoing.id, bytes);
    }
    if (pieces.left === 0) {
      done();
      return;
    }
    inside._waitWindow = true;
    inside._chunk = undefined;
    inside._chunkcb = () => send(pieces, done);
  };
  const writev = (writes: readonly { readonly chunk: Buffer }[], done: () => void): void =>
    send(new Pieces(writes.map(({ chunk }) => chunk)), done);
  Reflect.set(channel, "_writev", writev);
}

/** Each packet is made here before ssh2 copies it: one at a time. */
const packet = Buffer.allocUnsafeSlow(largestPacket);

/** Bytes in pieces, taken from their beginning. */
class Pieces {
  readonly #pieces: readonly Buffer[];
  #next = 0;
  /** How much of the next piece was taken. */
  #taken = 0;
  left: number;

  constructor(pieces: readonly Buffer[]) {
    this.#pieces = pieces;
    this.left = pieces.reduce((bytes, { length }) => bytes + length, 0);
  }

  /** Take so many bytes, fewer only at the end. They are good until more are taken of any. */
  take(most: number): Buffer {
    const size = Math.min(most, this.left);
    const first = this.#piece(size);
    if (first.length === size) return first;
    let filled = first.copy(packet);
    while (filled < size) filled += this.#piece(size - filled).copy(packet, filled);
    return packet.subarray(0, size);
  }

  #piece(most: number): Buffer {
    const whole = this.#pieces[this.#next] ?? Buffer.alloc(0);
    const piece = whole.subarray(this.#taken, this.#taken + most);
    this.#taken += piece.length;
    this.left -= piece.length;
    if (this.#taken === whole.length) {
      this.#next += 1;
      this.#taken = 0;
    }
    return piece;
  }
}

function isInside(channel: unknown): channel is ChannelInside {
  if (!hasFields(channel, ["outgoing", "_client", "_waitWindow", "_chunk", "_chunkcb"])) return false;
  const { outgoing, _client: client } = channel;
  if (!hasFields(outgoing, ["id", "packetSize", "state", "window"]) || !hasFields(client, ["_protocol"])) return false;
  const { _protocol: protocol } = client;
  return hasFields(protocol, ["channelData"]) && typeof protocol["channelData"] === "function";
}
