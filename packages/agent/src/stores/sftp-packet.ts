/**
 * What an SFTP server of version 3 answers (draft-ietf-secsh-filexfer-02), cut from what arrives.
 *
 * @module
 */

import { TransferError } from "@naru/core";
import { attrFlag, PacketReader, type PacketWriter, sftpSeconds } from "@naru/core/sftp-v3";

/** The receipts of 10,000 parts, of our own server, are the largest. */
const largestPacket = 4 * 1024 * 1024;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What a server tells of a file. */
export interface Attributes {
  readonly size?: number | undefined;
  readonly mode?: number | undefined;
  readonly modified?: Date | undefined;
}

/** Add attributes to a packet. */
export function putAttributes(to: PacketWriter, { size, modified }: Attributes): PacketWriter {
  to.number((size === undefined ? 0 : attrFlag.size) | (modified === undefined ? 0 : attrFlag.times));
  if (size !== undefined) to.big(size);
  if (modified === undefined) return to;
  const seconds = sftpSeconds(modified);
  return to.number(seconds).number(seconds);
}

/** Reads one packet, without its length. */
export class Answer extends PacketReader {
  readonly type: number;
  readonly #packet: Uint8Array;

  constructor(packet: Uint8Array) {
    super(packet, () => brokenPacket("one of its packets ends early"));
    this.#packet = packet;
    this.type = this.byte();
  }

  text(): string {
    return decoder.decode(this.bytes());
  }

  attributes(): Attributes {
    const flags = this.number();
    const size = flags & attrFlag.size ? this.big() : undefined;
    if (flags & attrFlag.owner) this.big();
    const mode = flags & attrFlag.permissions ? this.number() : undefined;
    if (flags & attrFlag.times) this.number();
    const modified = flags & attrFlag.times ? new Date(this.number() * 1000) : undefined;
    if (flags & attrFlag.extended) for (let left = this.number(); left > 0; left--) this.#skipPair();
    return { size, mode, modified };
  }

  /** What a status says; read as often as one likes. */
  status(): { readonly code: number; readonly message: string } {
    const body = new Answer(this.#packet);
    body.number();
    const code = body.number();
    // Some servers leave the message out.
    return { code, message: body.atEnd ? "" : body.text() };
  }

  #skipPair(): void {
    this.bytes();
    this.bytes();
  }
}

/** Cut packets from what arrives. @throws {TransferError} `internal` for one that no SFTP server sends */
export async function* packetsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Answer> {
  let held: Buffer[] = [];
  let length = 0;
  let wanted = 4;
  for await (const chunk of chunks) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    length += chunk.byteLength;
    while (length >= wanted) {
      const bytes = held.length === 1 ? (held[0] ?? Buffer.alloc(0)) : Buffer.concat(held, length);
      const size = bytes.readUInt32BE(0);
      if (size < 1 || size > largestPacket) throw brokenPacket(`one of its packets has ${size} bytes`);
      wanted = 4 + size;
      held = [bytes];
      if (length < wanted) break;
      yield new Answer(bytes.subarray(4, wanted));
      held = [bytes.subarray(wanted)];
      length -= wanted;
      wanted = 4;
    }
  }
}

function brokenPacket(why: string): TransferError {
  return new TransferError("internal", `Cannot understand the server: ${why}`);
}
