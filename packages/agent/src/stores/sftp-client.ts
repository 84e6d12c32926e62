/**
 * SFTP version 3 from the client's side (draft-ietf-secsh-filexfer-02), with OpenSSH's extensions where the server has
 * them: `limits@`, `fsync@`, `posix-rename@`, `statvfs@`.
 *
 * @module
 */

import { type Abortable, Calls, KiB, orAborted, TransferError } from "@naru/core";
import { PacketWriter, packetType, status } from "@naru/core/sftp-v3";
import { type Answer, type Attributes, packetsOf, putAttributes } from "./sftp-packet.ts";
import { ifThere, SftpFailure } from "./sftp-status.ts";
import type { SftpWire } from "./ssh-connection.ts";

/** A name in a folder. */
export interface NamedAttributes {
  readonly name: string;
  readonly attributes: Attributes;
}

/** What a server calls an open file or folder. */
export type Handle = Uint8Array;

const version = 3;
/** What every server must take (draft, section 3): less than a whole packet of 34,000 bytes. */
const leastBlock = 32 * KiB;
/** What fits into the largest packets that OpenSSH takes. */
const mostBlock = 255 * KiB;

/** One SFTP session over a wire. Requests may overlap; answers find their own. */
export class SftpClient {
  readonly #wire: SftpWire;
  readonly #calls = new Calls<Answer>();
  readonly #extensions = new Map<string, string>();
  /** Memory of packets that have been sent, for the next ones: new memory for each would have to be collected. */
  readonly #spare: Buffer[] = [];
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
    const packet = await this.#ask(
      packetType.open,
      (to) => putAttributes(to.text(path).number(flags), {}),
      doing,
      options,
    );
    return this.#handleIn(packet, doing);
  }

  async close(handle: Handle, doing: string): Promise<void> {
    await this.#order(packetType.close, (to) => to.bytes(handle), doing);
  }

  /** Bytes from `offset`, at most `length`; none at the end of the file. */
  async read(handle: Handle, offset: number, length: number, doing: string): Promise<Uint8Array<ArrayBuffer>> {
    const request = (to: PacketWriter): PacketWriter => to.bytes(handle).big(offset).number(length);
    const packet = await this.#ask(packetType.read, request, doing);
    if (packet.type === packetType.data) return Uint8Array.from(packet.bytes());
    this.#mustBe(packet, doing, status.eof);
    return new Uint8Array(0);
  }

  /** Hand a block over; what it resolves to settles when the server has answered. */
  async write(handle: Handle, offset: number, block: Uint8Array, doing: string): Promise<{ done: Promise<void> }> {
    const room = block.length + handle.length + 64;
    const spare = this.#spare.pop();
    const memory = spare !== undefined && spare.length >= room ? spare : Buffer.allocUnsafeSlow(room);
    const { sent, answered } = this.#post(
      new PacketWriter(packetType.write, memory),
      (packet) => packet.bytes(handle).big(offset).bytes(block),
      () => this.#spare.push(memory),
    );
    const done = answered.then((packet) => this.#mustBe(packet, doing));
    // Whoever awaits `done` hears of it; it may fail before that.
    done.catch(() => undefined);
    await sent;
    return { done };
  }

  async stat(path: string, options: Abortable = {}): Promise<Attributes | undefined> {
    const doing = `look up "${path}"`;
    return ifThere(
      this.#ask(packetType.stat, (to) => to.text(path), doing, options).then((packet) => {
        if (packet.type === packetType.attrs) return packet.attributes();
        this.#mustBe(packet, doing);
        throw unexpected(packet, doing);
      }),
    );
  }

  async setAttributes(path: string, attributes: Attributes, options: Abortable = {}): Promise<void> {
    const request = (to: PacketWriter): PacketWriter => putAttributes(to.text(path), attributes);
    await this.#order(packetType.setstat, request, `change "${path}"`, options);
  }

  async resize(handle: Handle, size: number, doing: string, options: Abortable = {}): Promise<void> {
    await this.#order(packetType.fsetstat, (to) => putAttributes(to.bytes(handle), { size }), doing, options);
  }

  async remove(path: string, options: Abortable = {}): Promise<void> {
    await ifThere(this.#order(packetType.remove, (to) => to.text(path), `remove "${path}"`, options));
  }

  async makeFolder(path: string, options: Abortable = {}): Promise<void> {
    await this.#order(packetType.mkdir, (to) => putAttributes(to.text(path), {}), `make the folder "${path}"`, options);
  }

  /** Rename; with `posix-rename@openssh.com` what is at `to` is replaced at once. */
  async rename(from: string, to: string, options: Abortable = {}): Promise<void> {
    const doing = `rename "${from}" to "${to}"`;
    const posix = "posix-rename@openssh.com";
    if (!this.has(posix)) return this.#order(packetType.rename, (packet) => packet.text(from).text(to), doing, options);
    return this.#order(packetType.extended, (packet) => packet.text(posix).text(from).text(to), doing, options);
  }

  /** Wait until what was written is on the disk, where the server can tell. */
  async sync(handle: Handle, doing: string, options: Abortable = {}): Promise<void> {
    const name = "fsync@openssh.com";
    if (this.has(name)) await this.#order(packetType.extended, (to) => to.text(name).bytes(handle), doing, options);
  }

  /** Ask an extension that is answered by one text. */
  async askText(name: string, argument: string | Handle, doing: string, options: Abortable = {}): Promise<string> {
    const packet = await this.#ask(
      packetType.extended,
      (to) => (typeof argument === "string" ? to.text(name).text(argument) : to.text(name).bytes(argument)),
      doing,
      options,
    );
    if (packet.type !== packetType.extendedReply) throw unexpected(packet, doing);
    return packet.text();
  }

  /** Bytes that are free where `path` is, when the server tells. */
  async freeBytes(path: string): Promise<number | undefined> {
    const name = "statvfs@openssh.com";
    if (!this.has(name)) return undefined;
    const packet = await this.#ask(packetType.extended, (to) => to.text(name).text(path), `look up "${path}"`);
    if (packet.type !== packetType.extendedReply) return undefined;
    packet.big();
    const unit = packet.big();
    packet.big();
    packet.big();
    return unit * packet.big();
  }

  async *list(folder: string, options: Abortable = {}): AsyncGenerator<NamedAttributes> {
    const doing = `list "${folder}"`;
    const handle = this.#handleIn(await this.#ask(packetType.opendir, (to) => to.text(folder), doing, options), doing);
    try {
      for (;;) {
        const packet = await this.#ask(packetType.readdir, (to) => to.bytes(handle), doing, options);
        if (packet.type !== packetType.name) return this.#mustBe(packet, doing, status.eof);
        for (let left = packet.number(); left > 0; left--) {
          const name = packet.text();
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
    await this.#wire.send(new PacketWriter(packetType.init).number(version).finish());
    const { done, value: first } = await orAborted(packets.next(), options);
    if (done || first.type !== packetType.version) {
      throw new TransferError("unsupported", "Cannot use SFTP: the server does not speak it");
    }
    first.number();
    while (!first.atEnd) this.#extensions.set(first.text(), first.text());
    // Ends with the connection, and tells whoever waits for an answer.
    void this.#listen(packets);
    await this.#learnLimits(options);
  }

  async #learnLimits(options: Abortable): Promise<void> {
    const name = "limits@openssh.com";
    if (!this.has(name)) return;
    const packet = await this.#ask(packetType.extended, (to) => to.text(name), "learn the server's limits", options);
    if (packet.type !== packetType.extendedReply) return;
    packet.big();
    const [read, write] = [packet.big(), packet.big()];
    this.#readBlock = Math.min(read || leastBlock, mostBlock);
    this.#writeBlock = Math.min(write || leastBlock, mostBlock);
  }

  async #listen(packets: AsyncIterable<Answer>): Promise<void> {
    try {
      for await (const packet of packets) {
        this.#calls.answer(packet.number(), packet);
      }
      this.#end(new TransferError("unreachable", "Cannot continue: the server closed the connection"));
    } catch (cause) {
      this.#end(new TransferError("unreachable", "Cannot continue: the connection was lost", { cause }));
      this.#wire.close();
    }
  }

  #end(reason: TransferError): void {
    this.#ended ??= reason;
    this.#calls.failAll(this.#ended);
  }

  #post(
    to: PacketWriter,
    fill: (to: PacketWriter) => PacketWriter,
    onSent?: () => void,
  ): { sent: Promise<void>; answered: Promise<Answer> } {
    if (this.#ended !== undefined) throw this.#ended;
    let sent = Promise.resolve();
    const answered = this.#calls.make((id) => {
      sent = this.#wire.send(fill(to.number(id)).finish(), onSent);
    });
    return { sent, answered };
  }

  async #ask(
    type: number,
    fill: (to: PacketWriter) => PacketWriter,
    doing: string,
    options: Abortable = {},
  ): Promise<Answer> {
    const { sent, answered } = this.#post(new PacketWriter(type), fill);
    const [packet] = await orAborted(Promise.all([answered, sent]), options);
    if (packet.type === packetType.status) this.#mustBe(packet, doing, status.ok, status.eof);
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
  #mustBe(packet: Answer, doing: string, ...expected: readonly number[]): void {
    if (packet.type !== packetType.status) throw unexpected(packet, doing);
    const { code, message } = packet.status();
    if (!(expected.length === 0 ? [status.ok] : expected).includes(code)) throw new SftpFailure(doing, code, message);
  }

  #handleIn(packet: Answer, doing: string): Handle {
    if (packet.type !== packetType.handle) throw unexpected(packet, doing);
    return Uint8Array.from(packet.bytes());
  }
}

function unexpected(packet: Answer, doing: string): TransferError {
  return new TransferError("internal", `Cannot ${doing}: the server answered with a packet of type ${packet.type}`);
}
