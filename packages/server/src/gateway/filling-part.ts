import { type Abortable, type Body, MiB, type Part, type PartDigest, type Receipt, TransferError } from "@naru/core";
import type { KeptTail } from "../uploads/kept-tail.ts";
import { type Base, copyRanges } from "./file-base.ts";
import { type GatewayPlace, patienceMs, patiently } from "./gateway-place.ts";
import type { HashedPart } from "./hash-thread.ts";
import type { KeptUpload } from "./kept-upload.ts";
import type { Allotment } from "./memory.ts";
import { OutgoingParts } from "./outgoing-parts.ts";
import { PartBuffer } from "./part-buffer.ts";
import type { PartSizes } from "./part-sizes.ts";
import { tailPath } from "./tail-path.ts";
import { digestsOf, type SmallDigests, type StreamDigests, WholeDigests } from "./whole-digests.ts";

export interface FillingOptions {
  readonly place: GatewayPlace;
  readonly kept: KeptUpload;
  readonly sizes: PartSizes;
  /** What an earlier session brought: parts, and the tail after them. */
  readonly receipts?: readonly Receipt[] | undefined;
  readonly tail?: KeptTail["pieces"] | undefined;
  readonly onFailure: (error: unknown) => void;
}

interface Inside extends FillingOptions {
  readonly modified: () => Date | undefined;
}

/** More than this of a part is not held in memory while it fills. */
const mostInMemory = 32 * MiB;
const partsAtOnce = 6;
/** How long who leaves waits for a store that is away. */
const hurryMs = 5_000;

/** Bytes in order become parts: the one that fills, and those that travel. */
export class FillingPart {
  readonly #options: Inside;
  readonly #allotment: Allotment;
  readonly #outgoing: OutgoingParts;
  readonly #stopping = new AbortController();
  #patience = patienceMs;
  #filling: PartBuffer;
  #whole: WholeDigests | undefined;

  constructor(options: Inside) {
    const { place, receipts = [], tail = [], onFailure, kept } = options;
    this.#options = options;
    this.#allotment = place.pool.allot();
    this.#outgoing = new OutgoingParts(
      {
        put: (part, body, digest) => this.#put(part, body, digest),
        bodyOf: (buffer) => this.#bodyOf(buffer),
        onReceipt: (receipt, durable) => kept.noteReceipt(receipt, durable),
        onFailure,
        most: Math.min(partsAtOnce, place.store.limits.maxInFlight),
      },
      receipts,
    );
    this.#filling = this.#next(tail);
    this.#beginWhole();
  }

  /** Up to here bytes have come without a hole. */
  get end(): number {
    return this.#filling.end;
  }

  /** Up to here they are safe. */
  get durable(): number {
    const { durable, end } = this.#outgoing;
    return durable === end ? end + this.#filling.aside : durable;
  }

  /** The whole file is in memory, and nothing of it at the store. */
  get isSmall(): boolean {
    return this.#outgoing.count === 0 && this.#filling.aside === 0 && this.#options.kept.id === undefined;
  }

  get receipts(): readonly Receipt[] {
    return this.#outgoing.receipts;
  }

  memoryBody(): Body {
    return this.#filling.memoryBody();
  }

  /** The whole file's digests, once all of it was sent. */
  async digests(): Promise<StreamDigests | undefined> {
    return this.#whole?.of(this.end);
  }

  /** Digests of what is in memory, when that is all. */
  hashSmall(): Promise<SmallDigests> {
    return digestsOf(this.#options.place.hashes, this.#filling.held);
  }

  async append(bytes: Uint8Array, options: Abortable = {}): Promise<void> {
    let left = bytes;
    while (left.length > 0) {
      options.signal?.throwIfAborted();
      const taken = this.#filling.append(left);
      if (taken > 0) {
        left = left.subarray(taken);
      } else await this.#makeRoom(options);
      if (this.#filling.isFull) await this.#send();
    }
  }

  /** Tell whether bytes that came before may be taken again; they are written over if they differ. */
  rewrite(offset: number, bytes: Uint8Array): boolean {
    return this.#filling.rewrite(offset, bytes);
  }

  /** Forget what lies beyond `offset`, and before it back to where a part begins if the part is not in memory. */
  async rollBack(offset: number): Promise<void> {
    const { kept } = this.#options;
    if (this.#filling.cut(offset)) return;
    this.#endWhole();
    await this.#outgoing.settle();
    this.#filling.release();
    this.#outgoing.rollBack(offset);
    await kept.forgetParts(this.#outgoing.count);
    this.#filling = this.#next();
    this.#beginWhole();
    await kept.noteTail({ at: this.end, pieces: [] });
    await kept.noteDurable(this.end);
  }

  /** Make everything so far durable: as a part where it is large enough for one, else as a hidden file. */
  async keep(): Promise<void> {
    await (await this.handOver()).kept;
  }

  /** Hand everything so far over to be kept. More may be appended while it is on its way. */
  async handOver(): Promise<{ readonly kept: Promise<void> }> {
    await this.#begin();
    if (this.#filling.inMemory > 0) {
      if (this.#options.sizes.mayCutShort(this.#filling)) await this.#send();
      else await this.#putAside();
    }
    const kept = this.#outgoing.settle().then(() => this.#options.kept.noteDurable(this.durable));
    // For whoever does not wait for it; the next call meets the failure too.
    kept.catch(() => undefined);
    return { kept };
  }

  /** Keep what the store will take; what it refuses is lost. */
  async keepWhatCan(): Promise<void> {
    const { place, kept } = this.#options;
    try {
      await this.keep();
    } catch (error) {
      place.log.warn({ upload: kept.id, err: error, durable: this.durable }, "cannot keep all of an arrival");
      await kept.noteDurable(this.durable).catch(() => undefined);
    }
  }

  /** Send what is left as the last part; an empty file is one empty part. */
  async sendLast(): Promise<void> {
    await this.#begin();
    if (this.#filling.size > 0 || this.#outgoing.count === 0) await this.#send();
    await this.#outgoing.settle();
  }

  /** Begin with bytes of a finished file: copied by the store where it can, else read. */
  async takeBase(base: Base, from: number, to: number, options: Abortable): Promise<void> {
    const { place } = this.#options;
    if (from === to) return;
    const { upload } = await this.#begin();
    const { copyPart } = upload;
    const whole = this.#filling.size === 0 && to - from >= Math.max(1, place.store.limits.minPartSize);
    if (copyPart && whole && !place.store.limits.equalParts) {
      this.#endWhole();
      const copied = await copyRanges(place.store.limits, { from, to, number: this.#outgoing.count + 1 }, (part) =>
        patiently(
          place,
          (abort) => copyPart.call(upload, part, { ...base.file, start: part.offset }, abort),
          this.#calm(),
        ),
      );
      for (const receipt of copied ?? []) await this.#outgoing.adopt(receipt);
      this.#filling = this.#next();
      if (copied !== undefined) return;
      this.#beginWhole();
    }
    const range = { start: from, end: to };
    for await (const chunk of await place.store.read(base.file.path, { ...options, range, etag: base.file.etag })) {
      await this.append(chunk, options);
    }
  }

  /** Wait for the store no longer than who leaves can. */
  hurry(): void {
    this.#patience = hurryMs;
    const { signal } = this.#stopping;
    const late = new TransferError("unavailable", "Cannot send the part: the store does not answer in time");
    // A store that says nothing at all must not hold up who takes over; `close` ends the wait.
    this.#options.place.sleep(2 * hurryMs, { signal }).then(
      () => this.drop(late),
      () => undefined,
    );
  }

  /** Drop what travels. */
  drop(reason: unknown): void {
    this.#stopping.abort(reason);
  }

  /** Drop what travels, and wait until it has ended. */
  async stop(): Promise<void> {
    this.drop(new TransferError("superseded", "Cannot send the part: nobody wants it any more"));
    await this.#outgoing.settle().catch(() => undefined);
  }

  close(): void {
    this.drop(new TransferError("conflict", "Cannot send the part: it was closed"));
    this.#endWhole();
    this.#filling.release();
    this.#allotment[Symbol.dispose]();
  }

  #begin() {
    const { kept, modified, place } = this.#options;
    return patiently(place, (options) => kept.begin(modified(), options), this.#calm());
  }

  #next(pieces: KeptTail["pieces"] = []): PartBuffer {
    const { sizes } = this.#options;
    const number = this.#outgoing.count + 1;
    const { end: offset } = this.#outgoing;
    return new PartBuffer(this.#allotment, { number, offset, target: sizes(number, offset) }, pieces);
  }

  async #send(): Promise<void> {
    await this.#begin();
    const { pieces } = this.#filling;
    await this.#outgoing.send(this.#filling, this.#hash(this.#filling));
    this.#filling = this.#next();
    if (pieces.length === 0) return;
    // What it was put together from must stay until it is there.
    await this.#outgoing.settle();
    await this.#options.kept.noteTail({ at: this.end, pieces: [] });
  }

  /** There is no block left for us, or enough of this part is in memory. */
  async #makeRoom(options: Abortable): Promise<void> {
    if (this.#filling.inMemory < this.#mostHeld()) {
      const block = this.#allotment.take();
      if (block) return this.#filling.add(block);
      // Our own parts give memory back when they have arrived.
      if (this.#outgoing.busy || this.#filling.inMemory === 0) return this.#allotment.wait(options);
    }
    if (this.#options.sizes.mayCutShort(this.#filling)) await this.#send();
    else await this.#putAside();
  }

  /** How much of this part is held before some of it must go: no more is put aside than memory cannot hold. */
  #mostHeld(): number {
    const { target, aside, number, offset } = this.#filling;
    const beyond = target - aside - mostInMemory;
    if (beyond <= 0) return target;
    const short = { size: mostInMemory, number, end: offset + mostInMemory };
    if (aside === 0 && this.#options.sizes.mayCutShort(short)) return mostInMemory;
    return Math.min(mostInMemory, beyond);
  }

  /** Move what is in memory of this part into a hidden file. */
  async #putAside(): Promise<void> {
    const { place, kept } = this.#options;
    const { store } = place;
    const { id } = await this.#begin();
    const { offset, pieces, inMemory: size } = this.#filling;
    const piece = { path: tailPath(id), size };
    await kept.noteTail({ at: offset, pieces: [...pieces, piece] });
    const body = this.#filling.memoryBody();
    const hashed = this.#whole?.take(this.#filling.held);
    await patiently(
      place,
      async (options) => {
        if (!store.putFile)
          throw new TransferError("unsupported", "Cannot put bytes aside: the store takes parts only");
        return store.putFile({ path: piece.path, size }, body, options);
      },
      this.#calm(),
    );
    await hashed?.taken;
    this.#filling.moved(piece);
  }

  #bodyOf(buffer: PartBuffer): Body {
    return buffer.body((piece) => this.#options.place.store.read(piece.path));
  }

  /** A part that lies in hidden files in part is hashed by the store; the file's digests go on over what is in memory. */
  #hash({ held, pieces }: PartBuffer): HashedPart | undefined {
    if (held.size === 0) return undefined;
    const hashed = this.#whole?.take(held) ?? this.#options.place.hashes.part(held);
    return pieces.length === 0 ? hashed : { ...hashed, digest: Promise.resolve(undefined) };
  }

  #beginWhole(): void {
    if (this.end === 0) this.#whole = new WholeDigests(this.#options.place.hashes);
  }

  #endWhole(): void {
    this.#whole?.close();
    this.#whole = undefined;
  }

  async #put(part: Part, body: Body, digest: PartDigest | undefined): Promise<Receipt> {
    const { place } = this.#options;
    const { upload } = await this.#begin();
    return patiently(place, (options) => upload.put(part, body, { ...options, digest }), this.#calm());
  }

  #calm() {
    return { signal: this.#stopping.signal, patience: () => this.#patience };
  }
}
