/**
 * SFTP version 3 from the client's side (draft-ietf-secsh-filexfer-02), with OpenSSH's extensions where the server has
 * them: `limits@`, `fsync@`, `posix-rename@`, `statvfs@`.
 *
 * @module
 */

import { type Abortable, KiB, orAborted, TransferError } from "@naru/core";
import { type Attributes, answer, ask, type PacketReader, PacketWriter, packetsOf } from "./sftp-packet.ts";
import { ifThere, SftpFailure, status } from "./sftp-status.ts";
import type { SftpWire } from "./ssh-connection.ts";

/** A name in a folder. */
export interface NamedAttributes {
  readonly name: string;
  readonly attributes: Attributes;
}

/** What a server calls an open file or folder. */
export type Handle = Uint8Array;

interface Waiting {
  readonly resolve: (packet: PacketReader) => void;
  readonly reject: (reason: unknown) => void;
}

const version = 3;
/** What every server must take (draft, section 3): less than a whole packet of 34,000 bytes. */
const leastBlock = 32 * KiB;
/** What fits into the largest packets that OpenSSH takes. */
const mostBlock = 255 * KiB;

/** One SFTP session over a wire. Requests may overlap; answers find their own. */
export class SftpClient {
  readonly #wire: SftpWire;
  readonly #waiting = new Map<number, Waiting>();
  readonly #extensions = new Map<string, string>();
  #next = 1;
  #ended: TransferError | undefined;
  #readBlock = leastBlock;
  #writeBlock = leastBlock;

  private constructor(wire: SftpWire) {
    this.#wire = wire;
  }

  /** Greet the server and learn what it can. */
  static async open(wire: SftpWire, options: Abortable = {}): Promise<SftpClient> {
    const client = new SftpClient(wire);
    try {
      await client.#greet(options);
      return client;
    } catch (error) {
      wire.close();
      throw error;
    }
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** Bytes that one request may read. */
  get readBlock(): number {
    return this.#readBlock;
  }

  /** Bytes that one request may write. */
  get writeBlock(): number {
    return this.#writeBlock;
  }

  has(extension: string): boolean {
    return this.#extensions.has(extension);
  }

  async openFile(path: string, flags: number, doing: string, options: Abortable = {}): Promise<Handle> {
    const packet = await this.#ask(ask.open, (to) => to.string(path).uint32(flags).attributes({}), doing, options);
    return this.#handleIn(packet, doing);
  }

  async close(handle: Handle, doing: string): Promise<void> {
    await this.#order(ask.close, (to) => to.string(handle), doing);
  }

  /** Bytes from `offset`, at most `length`; none at the end of the file. */
  async read(handle: Handle, offset: number, length: number, doing: string): Promise<Uint8Array<ArrayBuffer>> {
    const request = (to: PacketWriter): PacketWriter => to.string(handle).uint64(offset).uint32(length);
    const packet = await this.#ask(ask.read, request, doing);
    if (packet.type === answer.data) return Uint8Array.from(packet.bytes());
    this.#mustBe(packet, doing, status.eof);
    return new Uint8Array(0);
  }

  /** Hand a block over; what it resolves to settles when the server has answered. */
  async write(handle: Handle, offset: number, block: Uint8Array, doing: string): Promise<{ done: Promise<void> }> {
    const to = new PacketWriter(ask.write, block.length + handle.length + 64);
    const { sent, answered } = this.#post(to, (packet) => packet.string(handle).uint64(offset).string(block));
    const done = answered.then((packet) => this.#mustBe(packet, doing));
    // Whoever awaits `done` hears of it; it may fail before that.
    done.catch(() => undefined);
    await sent;
    return { done };
  }

  async stat(path: string, options: Abortable = {}): Promise<Attributes | undefined> {
    const doing = `look up "${path}"`;
    return ifThere(
      this.#ask(ask.stat, (to) => to.string(path), doing, options).then((packet) => {
        if (packet.type === answer.attrs) return packet.attributes();
        this.#mustBe(packet, doing);
        throw unexpected(packet, doing);
      }),
    );
  }

  async setAttributes(path: string, attributes: Attributes, options: Abortable = {}): Promise<void> {
    const request = (to: PacketWriter): PacketWriter => to.string(path).attributes(attributes);
    await this.#order(ask.setstat, request, `change "${path}"`, options);
  }

  async resize(handle: Handle, size: number, doing: string, options: Abortable = {}): Promise<void> {
    await this.#order(ask.fsetstat, (to) => to.string(handle).attributes({ size }), doing, options);
  }

  async remove(path: string, options: Abortable = {}): Promise<void> {
    await ifThere(this.#order(ask.remove, (to) => to.string(path), `remove "${path}"`, options));
  }

  async makeFolder(path: string, options: Abortable = {}): Promise<void> {
    await this.#order(ask.mkdir, (to) => to.string(path).attributes({}), `make the folder "${path}"`, options);
  }

  /** Rename; with `posix-rename@openssh.com` what is at `to` is replaced at once. */
  async rename(from: string, to: string, options: Abortable = {}): Promise<void> {
    const doing = `rename "${from}" to "${to}"`;
    const posix = "posix-rename@openssh.com";
    if (!this.has(posix)) return this.#order(ask.rename, (packet) => packet.string(from).string(to), doing, options);
    return this.#order(ask.extended, (packet) => packet.string(posix).string(from).string(to), doing, options);
  }

  /** Wait until what was written is on the disk, where the server can tell. */
  async sync(handle: Handle, doing: string, options: Abortable = {}): Promise<void> {
    const name = "fsync@openssh.com";
    if (this.has(name)) await this.#order(ask.extended, (to) => to.string(name).string(handle), doing, options);
  }

  /** Ask an extension that is answered by one text. */
  async askText(name: string, argument: string | Handle, doing: string, options: Abortable = {}): Promise<string> {
    const packet = await this.#ask(ask.extended, (to) => to.string(name).string(argument), doing, options);
    if (packet.type !== answer.extended) throw unexpected(packet, doing);
    return packet.string();
  }

  /** Bytes that are free where `path` is, when the server tells. */
  async freeBytes(path: string): Promise<number | undefined> {
    const name = "statvfs@openssh.com";
    if (!this.has(name)) return undefined;
    const packet = await this.#ask(ask.extended, (to) => to.string(name).string(path), `look up "${path}"`);
    if (packet.type !== answer.extended) return undefined;
    packet.uint64();
    const unit = packet.uint64();
    packet.uint64();
    packet.uint64();
    return unit * packet.uint64();
  }

  async *list(folder: string, options: Abortable = {}): AsyncGenerator<NamedAttributes> {
    const doing = `list "${folder}"`;
    const handle = this.#handleIn(await this.#ask(ask.opendir, (to) => to.string(folder), doing, options), doing);
    try {
      for (;;) {
        const packet = await this.#ask(ask.readdir, (to) => to.string(handle), doing, options);
        if (packet.type !== answer.name) return this.#mustBe(packet, doing, status.eof);
        for (let left = packet.uint32(); left > 0; left--) {
          const name = packet.string();
          packet.bytes();
          yield { name, attributes: packet.attributes() };
        }
      }
    } finally {
      await this.close(handle, doing).catch(() => undefined);
    }
  }

  disconnect(): void {
    this.#end(new TransferError("unreachable", "Cannot continue: the connection was closed"));
    this.#wire.close();
  }

  async #greet(options: Abortable): Promise<void> {
    const packets = packetsOf(this.#wire.incoming);
    await this.#wire.send(new PacketWriter(ask.init).uint32(version).finish());
    const { done, value: first } = await orAborted(packets.next(), options);
    if (done || first.type !== answer.version) {
      throw new TransferError("unsupported", "Cannot use SFTP: the server does not speak it");
    }
    first.uint32();
    while (!first.atEnd) this.#extensions.set(first.string(), first.string());
    // Ends with the connection, and tells whoever waits for an answer.
    void this.#listen(packets);
    await this.#learnLimits(options);
  }

  async #learnLimits(options: Abortable): Promise<void> {
    const name = "limits@openssh.com";
    if (!this.has(name)) return;
    const packet = await this.#ask(ask.extended, (to) => to.string(name), "learn the server's limits", options);
    if (packet.type !== answer.extended) return;
    packet.uint64();
    const [read, write] = [packet.uint64(), packet.uint64()];
    this.#readBlock = Math.min(read || leastBlock, mostBlock);
    this.#writeBlock = Math.min(write || leastBlock, mostBlock);
  }

  async #listen(packets: AsyncIterable<PacketReader>): Promise<void> {
    try {
      for await (const packet of packets) {
        const id = packet.uint32();
        this.#waiting.get(id)?.resolve(packet);
        this.#waiting.delete(id);
      }
      this.#end(new TransferError("unreachable", "Cannot continue: the server closed the connection"));
    } catch (cause) {
      this.#end(new TransferError("unreachable", "Cannot continue: the connection was lost", { cause }));
      this.#wire.close();
    }
  }

  #end(reason: TransferError): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }

  #post(
    to: PacketWriter,
    fill: (to: PacketWriter) => PacketWriter,
  ): { sent: Promise<void>; answered: Promise<PacketReader> } {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#next;
    this.#next = (this.#next % 0xffff_ffff) + 1;
    const answered = new Promise<PacketReader>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    return { sent: this.#wire.send(fill(to.uint32(id)).finish()), answered };
  }

  async #ask(
    type: number,
    fill: (to: PacketWriter) => PacketWriter,
    doing: string,
    options: Abortable = {},
  ): Promise<PacketReader> {
    const { sent, answered } = this.#post(new PacketWriter(type), fill);
    const [packet] = await orAborted(Promise.all([answered, sent]), options);
    if (packet.type === answer.status) this.#mustBe(packet, doing, status.ok, status.eof);
    return packet;
  }

  async #order(
    type: number,
    fill: (to: PacketWriter) => PacketWriter,
    doing: string,
    options: Abortable = {},
  ): Promise<void> {
    const { sent, answered } = this.#post(new PacketWriter(type), fill);
    const [packet] = await orAborted(Promise.all([answered, sent]), options);
    this.#mustBe(packet, doing);
  }

  /** Fail unless it is a status, and one of these. */
  #mustBe(packet: PacketReader, doing: string, ...expected: readonly number[]): void {
    if (packet.type !== answer.status) throw unexpected(packet, doing);
    const { code, message } = packet.status();
    if (!(expected.length === 0 ? [status.ok] : expected).includes(code)) throw new SftpFailure(doing, code, message);
  }

  #handleIn(packet: PacketReader, doing: string): Handle {
    if (packet.type !== answer.handle) throw unexpected(packet, doing);
    return Uint8Array.from(packet.bytes());
  }
}

function unexpected(packet: PacketReader, doing: string): TransferError {
  return new TransferError("internal", `Cannot ${doing}: the server answered with a packet of type ${packet.type}`);
}
