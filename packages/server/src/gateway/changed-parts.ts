import { MiB, TransferError } from "@naru/core";
import type { GatewayContext } from "./gateway-context.ts";
import type { HashedPart } from "./hash-thread.ts";
import type { KeptUpload } from "./kept-upload.ts";
import type { Allotment } from "./memory.ts";
import type { OutgoingParts, Sent } from "./outgoing-parts.ts";
import { PartBuffer } from "./part-buffer.ts";

type Chunks = AsyncIterable<Uint8Array>;

export interface ChangedPartsOptions {
  readonly context: GatewayContext;
  readonly kept: KeptUpload;
  readonly allotment: Allotment;
  readonly outgoing: OutgoingParts;
  /** Take the digests of a part, where the store wants them. */
  readonly hash: (buffer: PartBuffer) => HashedPart | undefined;
  /** Have memory given back by what fills and travels. */
  readonly makeRoom: () => Promise<void>;
}

/** A larger part is not fetched into memory to be changed. */
export const mostRecalled: number = 32 * MiB;

/**
 * Parts that were handed over and are written to again: their bytes are changed in memory, and put again when the file is
 * kept or closed, or when memory is short. What memory has no more is read back, where there is something to read from.
 */
export class ChangedParts {
  readonly #options: ChangedPartsOptions;

  constructor(options: ChangedPartsOptions) {
    this.#options = options;
  }

  /** Whether `recall` may succeed. */
  canRecall({ part, buffer, receipt, base, isTravelling }: Sent): boolean {
    if (buffer !== undefined || receipt === undefined || isTravelling) return true;
    return part.size <= mostRecalled && (base !== undefined || this.#options.kept.readsBack);
  }

  /** Have the bytes of a part in memory, to be changed; `undefined` if that cannot be. */
  async recall(sent: Sent): Promise<PartBuffer | undefined> {
    const { kept, outgoing } = this.#options;
    if (sent.isChanged) return sent.buffer;
    // What travels must not change under way.
    if (sent.isTravelling) await outgoing.settle();
    const buffer = sent.buffer ?? (await this.#readBack(sent));
    if (buffer === undefined) return undefined;
    outgoing.change(sent, buffer);
    await kept.forgetPart(sent.part.number);
    return buffer;
  }

  /** Put all that were changed again; `settle` of the outgoing parts waits for them. */
  async putAgain(): Promise<void> {
    const { outgoing, hash } = this.#options;
    for (const sent of outgoing.changed) {
      await outgoing.replace(sent, sent.buffer && hash(sent.buffer));
    }
  }

  async #readBack(sent: Sent): Promise<PartBuffer | undefined> {
    const { allotment } = this.#options;
    const { part } = sent;
    if (!this.canRecall(sent)) return undefined;
    const chunks = await this.#source(sent);
    if (chunks === undefined) return undefined;
    const buffer = new PartBuffer(allotment, { ...part, target: part.size });
    try {
      const isWhole = (await buffer.fill(chunks, () => this.#block())) && buffer.isFull;
      if (isWhole) return await this.#checked(sent, buffer);
    } catch (error) {
      buffer.release();
      throw error;
    }
    buffer.release();
    return undefined;
  }

  async #source({ part, base }: Sent): Promise<Chunks | undefined> {
    const { context, kept } = this.#options;
    if (base === undefined) return kept.readBack(part);
    const range = { start: part.offset, end: part.offset + part.size };
    return context.store.read(base.file.path, { range, etag: base.file.etag });
  }

  async #block() {
    const { allotment, makeRoom } = this.#options;
    const block = allotment.take();
    if (block) return block;
    await makeRoom();
    return allotment.take();
  }

  /** A disk that gives other bytes than it took must not have them sealed with a new digest. */
  async #checked({ part, receipt }: Sent, buffer: PartBuffer): Promise<PartBuffer> {
    const known = receipt?.digest?.crc64;
    const found = await this.#options.context.hashes.part(buffer.held);
    if (known === undefined || found === undefined || found.crc64 === known) return buffer;
    throw new TransferError("checksum-mismatch", `Cannot change part ${part.number}: the store gave other bytes back`);
  }
}
