/**
 * SFTP version 3 (draft-ietf-secsh-filexfer-02) as both its sides need it: the numbers of the draft, and the fields of a
 * packet. A packet is a length, a type, then numbers and strings, all big-endian. Names follow the draft.
 *
 * @module
 */

/** What a packet is (section 3). */
export const packetType = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
  extendedReply: 201,
} as const;

/** What a STATUS says (section 7). */
export const status = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

export type StatusCode = (typeof status)[keyof typeof status];

/** How a file is opened (section 6.3). */
export const openFlag = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

/** Which attributes of a file are there (section 5). */
export const attrFlag = { size: 1, owner: 2, permissions: 4, times: 8, extended: 0x80000000 } as const;

const encoder = new TextEncoder();

/** The seconds since 1970 that the draft has room for. */
export function sftpSeconds(time: Date): number {
  return Math.min(Math.max(Math.floor(time.getTime() / 1000), 0), 0xffffffff);
}

/** Writes one packet, its length in front. It grows as it must; `room` is where it begins, or how large. */
export class PacketWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 5;

  constructor(type: number, room: number | Uint8Array = 128) {
    this.#bytes = typeof room === "number" ? new Uint8Array(room) : room;
    this.#view = viewOf(this.#bytes);
    this.#bytes[4] = type;
  }

  number(value: number): this {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
    return this;
  }

  /** A number of 64 bits. */
  big(value: number): this {
    return this.number(Math.floor(value / 2 ** 32)).number(value % 2 ** 32);
  }

  bytes(value: Uint8Array): this {
    return this.number(value.length).raw(value);
  }

  /** Bytes without their length. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  text(value: string): this {
    return this.bytes(encoder.encode(value));
  }

  finish(): Uint8Array {
    this.#view.setUint32(0, this.#at - 4);
    return this.#bytes.subarray(0, this.#at);
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

/** Reads the fields of one packet. Each side says with `ended` what it throws when a field reaches over the packet's end. */
export class PacketReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #ended: () => Error;
  #at = 0;

  constructor(bytes: Uint8Array, ended: () => Error) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#ended = ended;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  number(): number {
    return this.#view.getUint32(this.#skip(4));
  }

  /** A number of 64 bits; beyond 2^53 it is not exact. */
  big(): number {
    const at = this.#skip(8);
    return this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4);
  }

  /** A view of what the packet holds. */
  bytes(): Uint8Array {
    const length = this.number();
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  #skip(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw this.#ended();
    this.#at += length;
    return at;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
