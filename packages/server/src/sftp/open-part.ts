import { type Abortable, type Body, type Part, TransferError, type WireReceipt } from "@naru/core";
import type { FileRequest, OpenFile } from "./open-file.ts";
import { Lane } from "./order.ts";
import type { WritePiece } from "./packets.ts";

/** What is gathered before it goes on: the size of a client's writes. */
const blockBytes = 256 * 1024;
/** What may wait between the client and the store. */
const waitingBytes = 1024 * 1024;

/** Takes the body of the part to the store. */
export type PutBody = (body: Body, options: Abortable) => Promise<WireReceipt>;

/** A numbered part on its way from a client to the store, each byte on as it comes. */
export class OpenPart implements OpenFile {
  readonly lane: Lane = new Lane();
  readonly #part: Part;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #receipt: Promise<WireReceipt>;
  readonly #gone = new AbortController();
  #at = 0;
  #block: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;

  constructor(part: Part, put: PutBody) {
    this.#part = part;
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>(
      undefined,
      new ByteLengthQueuingStrategy({ highWaterMark: waitingBytes }),
      new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
    );
    this.#writer = writable.getWriter();
    // Whoever writes next hears of it.
    this.#writer.closed.catch(() => undefined);
    this.#receipt = put({ size: part.size, stream: () => readable }, { signal: this.#gone.signal });
    // Nobody may ask for it; a store that refuses must not leave the client waiting for room.
    this.#receipt.catch((error: unknown) => this.#drop(error));
    if (part.size === 0) this.#end();
  }

  async answer(ask: FileRequest): Promise<Uint8Array> {
    throw new TransferError("unsupported", `Cannot do "${ask.kind}" with a part: it can only be written`);
  }

  async write({ offset, bytes }: WritePiece): Promise<void> {
    const { number, size } = this.#part;
    if (offset !== this.#at) {
      throw new TransferError("invalid", `Cannot put part ${number}: byte ${this.#at} comes next, not ${offset}`);
    }
    if (this.#at + bytes.length > size) {
      throw this.#drop(
        new TransferError("long-body", `Cannot put part ${number}: it has ${size} bytes, and more arrived`),
      );
    }
    for (let from = 0; from < bytes.length; ) {
      this.#block ??= new Uint8Array(Math.min(blockBytes, size - this.#at));
      const piece = bytes.subarray(from, from + this.#block.length - this.#filled);
      this.#block.set(piece, this.#filled);
      this.#filled += piece.length;
      this.#at += piece.length;
      from += piece.length;
      if (this.#filled === this.#block.length) await this.#hand(this.#block);
    }
    if (this.#at === size) this.#end();
  }

  /** Wait for the store to have it. @throws {TransferError} `short-body`, and what the store refuses it for */
  async receipt(): Promise<WireReceipt> {
    const { number, size } = this.#part;
    if (this.#at < size) {
      this.#drop(new TransferError("short-body", `Cannot put part ${number}: ${this.#at} of ${size} bytes arrived`));
    }
    return this.#receipt;
  }

  async close(): Promise<void> {
    await this.leave();
  }

  /** A part is whole or nothing. */
  async leave(): Promise<void> {
    this.#drop(new TransferError("short-body", `Cannot put part ${this.#part.number}: its client disconnected`));
    await this.#receipt.catch(() => undefined);
  }

  async #hand(block: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#block = undefined;
    this.#filled = 0;
    await this.#writer.ready;
    // Its failure is that of the next, or of the receipt.
    this.#writer.write(block).catch(() => undefined);
  }

  #end(): void {
    this.#writer.close().catch(() => undefined);
  }

  /** Nothing more will come; after the last byte that changes nothing. */
  #drop(reason: unknown): unknown {
    if (this.#at < this.#part.size) this.#gone.abort(reason);
    this.#writer.abort(reason).catch(() => undefined);
    return reason;
  }
}
