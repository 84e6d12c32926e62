import { type Body, type Part, type PartDigest, type Receipt, TransferError } from "@naru/core";
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
}

interface Sent {
  readonly part: Part;
  receipt?: Receipt;
}

/** Parts on their way to the store, several at once, and those that are there. Memory is held until the receipt. */
export class OutgoingParts {
  readonly #options: OutgoingOptions;
  readonly #parts: Sent[];
  readonly #running = new Set<Promise<void>>();
  #error: unknown;

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

  /** Send a part as soon as there is a way free; a failure is met at `settle`. */
  async send(buffer: PartBuffer, hashed?: HashedPart): Promise<void> {
    while (this.#running.size >= this.#options.most) await Promise.race(this.#running);
    this.#refuseBroken();
    const { number, offset, size } = buffer;
    const sent: Sent = { part: { number, offset, size } };
    this.#parts.push(sent);
    const running = this.#put(sent, buffer, hashed).finally(async () => {
      await hashed?.taken;
      buffer.release();
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  /** Take a part that is there already. */
  async adopt(receipt: Receipt): Promise<void> {
    this.#parts.push({ part: receipt.part, receipt });
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
    if (keep >= 0) this.#parts.length = keep;
  }

  async #put(sent: Sent, buffer: PartBuffer, hashed: HashedPart | undefined): Promise<void> {
    try {
      const receipt = await this.#options.put(sent.part, this.#options.bodyOf(buffer), await hashed?.digest);
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
