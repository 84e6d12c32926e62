/**
 * What clients send, decoded piece by piece: SFTP version 3, draft-ietf-secsh-filexfer-02 sections 3 to 6, and the
 * extensions of OpenSSH's PROTOCOL section 4 that we know.
 *
 * The data of a WRITE is handed on in views of what came, before the packet is whole: nothing is put together. Every
 * other packet is small, and collected first.
 *
 * @module
 */

import { packetType } from "@naru/core/sftp-v3";
import { FieldReader } from "./field-reader.ts";
import { MalformedPacket, maxPacketBytes, packetHeadRoom, type Request, type WritePiece } from "./packets.ts";
import { decodeRequest, refusal } from "./requests.ts";

/** Type, id, handle, offset and length of a WRITE to one of our handles. */
const writeHeadBytes = 1 + 4 + 4 + 4 + 8 + 4;

interface Writing {
  readonly ask: Omit<WritePiece, "bytes" | "offset" | "last">;
  at: number;
  left: number;
  /** Bytes of the packet behind its data, which mean nothing. */
  readonly beyond: number;
  /** Said once the packet is over, instead of handing its data on. */
  readonly refused?: Request | undefined;
}

/** Turns what a client sends into requests, however it is cut. */
export class RequestDecoder {
  /** The bytes of what is being collected, and how many there are of them. */
  #held = new Uint8Array(64);
  #heldBytes = 0;
  /** Bytes of the packet that are still to come; undefined while its length is. */
  #left: number | undefined;
  #writing: Writing | undefined;
  /** Bytes of a packet that are to be passed over. */
  #beyond = 0;

  /** Whether a packet has begun and not ended. */
  get within(): boolean {
    return this.#left !== undefined || this.#heldBytes > 0 || this.#beyond > 0;
  }

  /**
   * Take what came; what is complete by it is yielded. Pull it to its end before the next chunk.
   *
   * @throws {MalformedPacket} when this is not the protocol; nothing more can be read then
   */
  *push(chunk: Uint8Array): Generator<Request, void> {
    let at = 0;
    while (at < chunk.length) {
      const rest = chunk.subarray(at);
      if (this.#beyond > 0) {
        const passed = Math.min(this.#beyond, rest.length);
        this.#beyond -= passed;
        at += passed;
      } else if (this.#writing !== undefined) {
        const piece = rest.subarray(0, this.#writing.left);
        at += piece.length;
        yield* this.#writePiece(this.#writing, piece);
      } else {
        at += this.#collect(rest);
        yield* this.#collected();
      }
    }
  }

  /** Hold what the next step needs, no more. */
  #collect(rest: Uint8Array): number {
    const wanted = this.#left === undefined ? 4 : this.#stepBytes(this.#left);
    const taken = rest.subarray(0, wanted - this.#heldBytes);
    if (this.#held.length < wanted) {
      const larger = new Uint8Array(wanted);
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(taken, this.#heldBytes);
    this.#heldBytes += taken.length;
    return taken.length;
  }

  /** How many bytes of a packet are looked at together: of a WRITE its head, of others everything. */
  #stepBytes(packetBytes: number): number {
    if (this.#heldBytes === 0) return 1;
    return this.#held[0] === packetType.write ? Math.min(writeHeadBytes, packetBytes) : packetBytes;
  }

  *#collected(): Generator<Request, void> {
    if (this.#left === undefined) {
      if (this.#heldBytes < 4) return;
      this.#left = new FieldReader(this.#held).number();
      this.#heldBytes = 0;
      if (this.#left < 1 || this.#left > maxPacketBytes + packetHeadRoom) {
        throw new MalformedPacket(`A packet says that it has ${this.#left} bytes`);
      }
      return;
    }
    if (this.#heldBytes < this.#stepBytes(this.#left)) return;
    const packet = this.#held.subarray(0, this.#heldBytes);
    if (packet[0] === packetType.write) {
      this.#writing = beginWrite(packet, this.#left);
      this.#heldBytes = 0;
      if (this.#writing.left === 0) yield* this.#writePiece(this.#writing, packet.subarray(0, 0));
      return;
    }
    this.#finishPacket();
    yield decodeRequest(packet);
  }

  *#writePiece(writing: Writing, bytes: Uint8Array): Generator<Request, void> {
    const offset = writing.at;
    writing.at += bytes.length;
    writing.left -= bytes.length;
    const last = writing.left === 0;
    if (last) {
      this.#finishPacket();
      this.#beyond = writing.beyond;
    }
    if (writing.refused === undefined) yield { ...writing.ask, offset, bytes, last };
    else if (last) yield writing.refused;
  }

  #finishPacket(): void {
    this.#left = undefined;
    this.#writing = undefined;
    this.#heldBytes = 0;
    // One long path does not keep its room for as long as the connection lasts.
    if (this.#held.length > 16 * 1024) this.#held = new Uint8Array(64);
  }
}

function beginWrite(head: Uint8Array, packetBytes: number): Writing {
  const reader = new FieldReader(head);
  reader.byte();
  const id = reader.number();
  const ours = new FieldReader(head.subarray(5)).number() === 4;
  const rest = packetBytes - head.length;
  const ask = { kind: "write", id, handle: ours ? reader.handle() : -1, start: 0 } as const;
  if (!ours)
    return { ask, at: 0, left: rest, beyond: 0, refused: refusal(id, "Cannot write: there is no such handle") };
  const high = reader.number();
  const start = high * 2 ** 32 + reader.number();
  const left = reader.number();
  if (left > rest) throw new MalformedPacket("The data of a WRITE is not as long as it says");
  // rclone 1.60 sends its whole buffer, of which only the beginning counts.
  const beyond = rest - left;
  if (Number.isSafeInteger(start + left)) return { ask: { ...ask, start }, at: start, left, beyond };
  return { ask, at: 0, left, beyond, refused: refusal(id, "Cannot write: the offset is larger than 2^53") };
}
