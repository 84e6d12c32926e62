/**
 * Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02): a length, a type, then numbers and strings, all big-endian.
 *
 * @module
 */

import { TransferError } from "@naru/core";

/** What a client asks. */
export const ask = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  stat: 17,
  rename: 18,
  extended: 200,
} as const;

/** What a server answers. */
export const answer = {
  version: 2,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 201,
} as const;

/** How a file is opened. */
export const openFor = { read: 1, write: 2, create: 8, truncate: 16 } as const;

/** The receipts of 10,000 parts, of our own server, are the largest. */
const largestPacket = 4 * 1024 * 1024;
const has = { size: 1, ids: 2, mode: 4, times: 8, extended: 0x8000_0000 } as const;

/** What a server tells of a file. */
export interface Attributes {
  readonly size?: number | undefined;
  readonly mode?: number | undefined;
  readonly modified?: Date | undefined;
}

/** Writes one packet. */
export class PacketWriter {
  #bytes: Buffer;
  #at = 5;

  constructor(type: number, room = 256) {
    this.#bytes = Buffer.allocUnsafe(room);
    this.#bytes[4] = type;
  }

  uint32(value: number): this {
    this.#reserve(4);
    this.#at = this.#bytes.writeUInt32BE(value, this.#at);
    return this;
  }

  uint64(value: number): this {
    this.#reserve(8);
    this.#at = this.#bytes.writeBigUInt64BE(BigInt(value), this.#at);
    return this;
  }

  string(value: string | Uint8Array): this {
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    this.uint32(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return this;
  }

  attributes({ size, modified }: Attributes): this {
    this.uint32((size === undefined ? 0 : has.size) | (modified === undefined ? 0 : has.times));
    if (size !== undefined) this.uint64(size);
    if (modified === undefined) return this;
    const seconds = Math.min(Math.max(Math.floor(modified.getTime() / 1000), 0), 0xffff_ffff);
    return this.uint32(seconds).uint32(seconds);
  }

  finish(): Uint8Array {
    this.#bytes.writeUInt32BE(this.#at - 4, 0);
    return this.#bytes.subarray(0, this.#at);
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}

/** Reads one packet, without its length. */
export class PacketReader {
  readonly type: number;
  readonly #bytes: Buffer;
  #at = 1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.type = bytes[0] ?? 0;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  uint32(): number {
    this.#need(4);
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  uint64(): number {
    this.#need(8);
    this.#at += 8;
    return Number(this.#bytes.readBigUInt64BE(this.#at - 8));
  }

  bytes(): Buffer {
    const length = this.uint32();
    this.#need(length);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  string(): string {
    return this.bytes().toString("utf8");
  }

  attributes(): Attributes {
    const flags = this.uint32();
    const size = flags & has.size ? this.uint64() : undefined;
    if (flags & has.ids) this.uint64();
    const mode = flags & has.mode ? this.uint32() : undefined;
    if (flags & has.times) this.uint32();
    const modified = flags & has.times ? new Date(this.uint32() * 1000) : undefined;
    if (flags & has.extended) for (let left = this.uint32(); left > 0; left--) this.#skipPair();
    return { size, mode, modified };
  }

  /** What a status says; read as often as one likes, from where the packet's id ends. */
  status(): { readonly code: number; readonly message: string } {
    const body = new PacketReader(this.#bytes);
    body.#at = 5;
    const code = body.uint32();
    // Some servers leave the message out.
    return { code, message: body.atEnd ? "" : body.string() };
  }

  #skipPair(): void {
    this.bytes();
    this.bytes();
  }

  #need(length: number): void {
    if (this.#at + length > this.#bytes.length) throw brokenPacket("one of its packets ends early");
  }
}

/** Cut packets from what arrives. @throws {TransferError} `internal` for one that no SFTP server sends */
export async function* packetsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PacketReader> {
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
      yield new PacketReader(bytes.subarray(4, wanted));
      held = [bytes.subarray(wanted)];
      length -= wanted;
      wanted = 4;
    }
  }
}

function brokenPacket(why: string): TransferError {
  return new TransferError("internal", `Cannot understand the server: ${why}`);
}
