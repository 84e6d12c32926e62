import { type Body, type Part, type PartDigest, type Receipt, TransferError } from "@naru/core";
import type { Base } from "./file-base.ts";
import type { HashedPart } from "./hash-thread.ts";
import type { PartBuffer } from "./part-buffer.ts";

export interface OutgoingOptions {
  /** Write one part; tried again and again inside. */
  readonly put: (part: Part, body: Body, digest: PartDigest | undefined) => Promise<Receipt>;
  readonly bodyOf: (buffer: PartBuffer) => Body;
  /** Note a receipt; `durable` tells how far parts reach without a hole. */
  readonly onReceipt: (receipt: Receipt, durable: () => number) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  /** Parts that travel at once. */
  readonly most: number;
  /** How many bytes of parts that have arrived may stay in memory, to be changed and put again; asked each time. */
  readonly spareBytes: () => number;
  /** Told when there is more of that. */
  readonly onSpared: () => void;
}

/** A part that was handed over. */
export interface Sent {
  readonly part: Part;
  receipt?: Receipt | undefined;
  /** Its bytes, while memory has them and nothing of it travels. */
  buffer?: PartBuffer | undefined;
  /** Its bytes in memory are others than those at the store: it is to be put again. */
  isChanged?: boolean;
  /** The finished file that it was copied from, at the same place. */
  base?: Base | undefined;
  /** On its way: until it has arrived its bytes must stay, and will be in `buffer` then. */
  isTravelling?: boolean;
}

/**
 * Parts on their way to the store, several at once, and those that are there. Memory is held until the receipt, and
 * beyond it as long as nobody needs it.
 */
export class OutgoingParts {
  readonly #options: OutgoingOptions;
  readonly #parts: Sent[];
  readonly #running = new Set<Promise<void>>();
  /** Among them all whose bytes are in memory and do not travel. */
  readonly #recent = new Set<Sent>();
  #error: unknown;
  #closed = false;

  constructor(options: OutgoingOptions, receipts: readonly Receipt[] = []) {
    this.#options = options;
    this.#parts = receipts.map((receipt) => ({ part: receipt.part, receipt }));
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Where the parts that were handed over end. */
  get end(): number {
    const last = this.#parts.at(-1)?.part;
    return last === undefined ? 0 : last.offset + last.size;
  }

  get count(): number {
    return this.#parts.length;
  }

  /** Up to here parts have receipts without a hole. */
  get durable(): number {
    const missing = this.#parts.find(({ receipt }) => receipt === undefined);
    return missing?.part.offset ?? this.end;
  }

  get receipts(): readonly Receipt[] {
    return this.#parts.flatMap(({ receipt }) => receipt ?? []);
  }

  /** The part that holds byte `offset`. */
  find(offset: number): Sent | undefined {
    return this.#parts.find(({ part }) => offset >= part.offset && offset < part.offset + part.size);
  }

  /** Parts that are to be put again. */
  get changed(): readonly Sent[] {
    return this.#parts.filter(({ isChanged }) => isChanged);
  }

  /** Send a part as soon as there is a way free; a failure is met at `settle`. */
  async send(buffer: PartBuffer, hashed?: HashedPart): Promise<void> {
    await this.#way();
    const { number, offset, size } = buffer;
    const sent: Sent = { part: { number, offset, size } };
    this.#parts.push(sent);
    this.#start(sent, buffer, hashed);
  }

  /** The bytes of a part, none of which travels, are about to change. */
  change(sent: Sent, buffer: PartBuffer): void {
    sent.buffer = buffer;
    sent.isChanged = true;
    sent.receipt = undefined;
    sent.base = undefined;
  }

  /** Put a changed part again. */
  async replace(sent: Sent, hashed?: HashedPart): Promise<void> {
    await this.#way();
    const { buffer } = sent;
    if (buffer === undefined) return;
    sent.buffer = undefined;
    sent.isChanged = false;
    this.#start(sent, buffer, hashed);
  }

  /** Parts that have arrived and are in memory still, unchanged. */
  get spare(): readonly PartBuffer[] {
    return [...this.#recent].flatMap(({ buffer, isChanged }) => (isChanged ? [] : (buffer ?? [])));
  }

  /** Give back the memory of one of those: of the first part last, since headers are what is written again. */
  release(): boolean {
    const [first, second] = this.spare;
    const buffer = first?.number === 1 ? (second ?? first) : first;
    buffer?.release();
    for (const sent of this.#recent) {
      if (sent.buffer === buffer) sent.buffer = undefined;
      if (sent.buffer === undefined) this.#recent.delete(sent);
    }
    return buffer !== undefined;
  }

  /** Keep nothing in memory any more. */
  close(): void {
    this.#closed = true;
    for (const sent of this.#parts) {
      sent.buffer?.release();
      sent.buffer = undefined;
    }
  }

  /** Take a part that is there already. */
  async adopt(receipt: Receipt, base: Base): Promise<void> {
    this.#parts.push({ part: receipt.part, receipt, base });
    await this.#options.onReceipt(receipt, () => this.durable);
  }

  /** Wait until nothing travels. @throws what a part failed with */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
    this.#refuseBroken();
  }

  /** Forget the parts that reach beyond `offset`, when nothing travels; they are written anew by number. */
  rollBack(offset: number): void {
    const keep = this.#parts.findIndex(({ part, receipt }) => part.offset + part.size > offset || !receipt);
    if (keep < 0) return;
    for (const sent of this.#parts.splice(keep)) {
      sent.buffer?.release();
      sent.buffer = undefined;
    }
  }

  /** Wait for a way that is free. */
  async #way(): Promise<void> {
    while (this.#running.size >= this.#options.most) await Promise.race(this.#running);
    this.#refuseBroken();
  }

  #start(sent: Sent, buffer: PartBuffer, hashed: HashedPart | undefined): void {
    sent.isTravelling = true;
    const running = this.#put(sent, buffer, hashed).finally(async () => {
      await hashed;
      sent.isTravelling = false;
      this.#arrived(sent, buffer);
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  #arrived(sent: Sent, buffer: PartBuffer): void {
    const keeps = !this.#closed && sent.receipt !== undefined && buffer.pieces.length === 0;
    if (keeps) sent.buffer = buffer;
    else buffer.release();
    if (keeps) this.#recent.add(sent);
    const most = this.#options.spareBytes();
    while (this.spare.reduce((sum, { inMemory }) => sum + inMemory, 0) > most && this.release());
    this.#options.onSpared();
  }

  async #put(sent: Sent, buffer: PartBuffer, hashed: HashedPart | undefined): Promise<void> {
    try {
      const receipt = await this.#options.put(sent.part, this.#options.bodyOf(buffer), await hashed);
      sent.receipt = receipt;
      await this.#options.onReceipt(receipt, () => this.durable);
    } catch (error) {
      this.#error ??= error;
      this.#options.onFailure(error);
    }
  }

  #refuseBroken(): void {
    if (this.#error === undefined) return;
    if (this.#error instanceof Error) throw this.#error;
    throw new TransferError("internal", "Cannot send a part: it failed", { cause: this.#error });
  }
}
