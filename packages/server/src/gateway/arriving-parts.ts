import { type Body, MiB, type Part, type PartDigest, type Receipt, TransferError } from "@naru/core";
import type { KeptTail } from "../uploads/kept-tail.ts";
import { type GatewayContext, type PatientOptions, patienceMs, patiently } from "./gateway-context.ts";
import type { HashedPart } from "./hash-thread.ts";
import type { Begun, KeptUpload } from "./kept-upload.ts";
import type { Allotment } from "./memory.ts";
import { OutgoingParts } from "./outgoing-parts.ts";
import { PartBuffer } from "./part-buffer.ts";
import type { PartSizes } from "./part-sizes.ts";

export interface ArrivingOptions {
  readonly context: GatewayContext;
  readonly kept: KeptUpload;
  readonly sizes: PartSizes;
  /** What an earlier session brought: parts, and the tail after them. */
  readonly receipts?: readonly Receipt[] | undefined;
  readonly tail?: KeptTail["pieces"] | undefined;
  readonly modified: () => Date | undefined;
  readonly onFailure: (error: unknown) => void;
}

const partsAtOnce = 6;
/** So much of what the store has, and does not give back, stays in memory in case it is written again. */
const mostSpare = 24 * MiB;
/** How long a client that leaves waits for a store that is away. */
const hurryMs = 5_000;

/** The parts of a file on its way in: those that were handed over, and after them the one that fills. */
export class ArrivingParts {
  readonly context: GatewayContext;
  readonly kept: KeptUpload;
  readonly sizes: PartSizes;
  readonly allotment: Allotment;
  readonly outgoing: OutgoingParts;
  filling: PartBuffer;
  readonly #modified: () => Date | undefined;
  readonly #stopping = new AbortController();
  #patience = patienceMs;

  constructor({ context, kept, sizes, receipts = [], tail = [], modified, onFailure }: ArrivingOptions) {
    this.context = context;
    this.kept = kept;
    this.sizes = sizes;
    this.#modified = modified;
    this.allotment = context.pool.allot({
      blocks: () => this.outgoing.spare.reduce((sum, { blocks }) => sum + blocks, 0),
      release: () => this.outgoing.release(),
      travels: () => this.outgoing.busy,
    });
    this.outgoing = new OutgoingParts(
      {
        put: (part, body, digest) => this.#put(part, body, digest),
        bodyOf: (buffer) => this.bodyOf(buffer),
        onReceipt: (receipt, durable) => kept.noteReceipt(receipt, durable),
        onFailure,
        most: Math.min(partsAtOnce, kept.limits.maxInFlight),
        spareBytes: () => (kept.readsBack ? 0 : mostSpare),
        onSpared: () => this.allotment.spared(),
      },
      receipts,
    );
    this.filling = this.next(tail);
    context.hashes.prepare();
  }

  /** Begin the upload, unless it is begun. */
  begin(): Promise<Begun> {
    return patiently(this.context, (options) => this.kept.begin(this.#modified(), options), this.calm);
  }

  /** An empty part after those that were handed over. */
  next(pieces: KeptTail["pieces"] = []): PartBuffer {
    const number = this.outgoing.count + 1;
    const { end: offset } = this.outgoing;
    return new PartBuffer(this.allotment, { number, offset, target: this.sizes(number, offset) }, pieces);
  }

  /** Hand over the part that fills, and begin another. */
  async send(): Promise<void> {
    await this.begin();
    const { pieces } = this.filling;
    await this.outgoing.send(this.filling, this.hash(this.filling));
    this.filling = this.next();
    if (pieces.length === 0) return;
    // What it was put together from must stay until it is there.
    await this.outgoing.settle();
    await this.kept.noteTail({ at: this.filling.end, pieces: [] });
  }

  bodyOf(buffer: PartBuffer): Body {
    return buffer.body((piece) => this.context.store.read(piece.path));
  }

  /** Wait for the store no longer than a client that leaves can. */
  hurry(): void {
    this.#patience = hurryMs;
    const { signal } = this.#stopping;
    const late = new TransferError("unavailable", "Cannot send the part: the store does not answer in time");
    // A store that says nothing at all must not hold up who takes over; `close` ends the wait.
    this.context.sleep(2 * hurryMs, { signal }).then(
      () => this.drop(late),
      () => undefined,
    );
  }

  /** Drop what travels. */
  drop(reason: unknown): void {
    this.#stopping.abort(reason);
  }

  close(): void {
    this.drop(new TransferError("conflict", "Cannot send the part: it was closed"));
    this.outgoing.close();
    this.filling.release();
    this.allotment[Symbol.dispose]();
  }

  /** How long calls of the store are tried again. */
  get calm(): PatientOptions {
    return { signal: this.#stopping.signal, patience: () => this.#patience };
  }

  /** Hash a part, unless the store does that, or has to: of what lies in hidden files in part. */
  hash({ held, pieces }: PartBuffer): HashedPart | undefined {
    if (held.size === 0 || pieces.length > 0 || this.kept.hashesItself) return undefined;
    return this.context.hashes.part(held);
  }

  async #put(part: Part, body: Body, digest: PartDigest | undefined): Promise<Receipt> {
    const { upload } = await this.begin();
    return patiently(this.context, (options) => upload.put(part, body, { ...options, digest }), this.calm);
  }
}
