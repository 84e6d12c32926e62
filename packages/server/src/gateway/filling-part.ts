import {
  type Abortable,
  type Body,
  MiB,
  type Part,
  type PartDigest,
  type Receipt,
  TransferError,
  type Upload,
} from "@naru/core";
import type { KeptTail } from "../uploads/kept-tail.ts";
import { ChangedParts } from "./changed-parts.ts";
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
/** So much of what the store has, and does not give back, stays in memory in case it is written again. */
const mostSpare = 24 * MiB;
/** How long who leaves waits for a store that is away. */
const hurryMs = 5_000;

/** Bytes in order become parts: the one that fills, and those that travel. */
export class FillingPart {
  readonly #options: Inside;
  readonly #allotment: Allotment;
  readonly #outgoing: OutgoingParts;
  readonly #changed: ChangedParts;
  readonly #stopping = new AbortController();
  #patience = patienceMs;
  #filling: PartBuffer;
  #whole: WholeDigests | undefined;

  constructor(options: Inside) {
    const { place, receipts = [], tail = [], onFailure, kept } = options;
    this.#options = options;
    this.#allotment = place.pool.allot(() => this.#outgoing.spare());
    this.#outgoing = new OutgoingParts(
      {
        put: (part, body, digest) => this.#put(part, body, digest),
        bodyOf: (buffer) => this.#bodyOf(buffer),
        onReceipt: (receipt, durable) => kept.noteReceipt(receipt, durable),
        onFailure,
        most: Math.min(partsAtOnce, place.store.limits.maxInFlight),
        spareBytes: () => (kept.readsBack || this.#allotment.isAwaited ? 0 : mostSpare),
      },
      receipts,
    );
    this.#changed = new ChangedParts({
      ...{ place, kept, allotment: this.#allotment, outgoing: this.#outgoing },
      makeRoom: () => this.#giveMemoryBack(),
    });
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

  /** Write over bytes that came before; false, with nothing changed, if one of their parts cannot be changed any more. */
  async rewrite(offset: number, bytes: Uint8Array): Promise<boolean> {
    if (!this.canRewrite(offset, bytes.length)) return false;
    let at = offset;
    for (let left = bytes; left.length > 0; ) {
      const sent = this.#outgoing.find(at);
      const buffer = sent ? await this.#changed.recall(sent) : await this.#allInMemory();
      const size = sent ? sent.part.offset + sent.part.size - at : left.length;
      if (!buffer?.rewrite(at, left.subarray(0, size))) return false;
      if (sent) this.#endWhole();
      left = left.subarray(size);
      at += size;
    }
    return true;
  }

  /** Whether `rewrite` may succeed. */
  canRewrite(offset: number, length: number): boolean {
    for (let at = offset; at < offset + length; ) {
      const sent = this.#outgoing.find(at);
      if (sent === undefined)
        return at >= this.#filling.offset + this.#filling.aside || this.#filling.size <= mostInMemory;
      if (!this.#changed.canRecall(sent)) return false;
      at = sent.part.offset + sent.part.size;
    }
    return true;
  }

  /** Forget what lies beyond `offset`; false, with nothing forgotten, if that cannot be. */
  async cut(offset: number): Promise<boolean> {
    if (offset === 0) {
      await this.#startOver();
      return true;
    }
    if (this.#filling.cut(offset)) return true;
    if (offset >= this.#filling.offset) return (await this.#allInMemory())?.cut(offset) ?? false;
    if (!this.#options.kept.readsBack) return false;
    const sent = this.#outgoing.find(offset);
    const buffer = sent && offset > sent.part.offset ? await this.#changed.recall(sent) : undefined;
    if (sent && offset > sent.part.offset && buffer === undefined) return false;
    if (sent && buffer) sent.buffer = undefined;
    await this.#goBackTo(offset, buffer);
    return true;
  }

  /** Forget what lies beyond `offset`, and before it back to where a part begins if the part is not in memory. */
  async rollBack(offset: number): Promise<void> {
    if (offset > 0 && this.#filling.cut(offset)) return;
    if (offset === 0) return this.#startOver();
    await this.#goBackTo(offset, undefined);
    // What has fewer parts than the store holds may be refused there.
    if (this.#outgoing.count === 0) await this.#options.kept.startOver();
  }

  async #goBackTo(offset: number, last: PartBuffer | undefined): Promise<void> {
    const { kept, sizes } = this.#options;
    this.#endWhole();
    await this.#changed.putAgain();
    await this.#outgoing.settle();
    this.#filling.release();
    this.#outgoing.rollBack(offset);
    await kept.forgetParts(this.#outgoing.count);
    this.#filling = last ?? this.#next();
    last?.reopen(sizes(last.number, last.offset));
    last?.cut(offset);
    this.#beginWhole();
    await kept.noteTail({ at: this.#outgoing.end, pieces: [] });
    await kept.noteDurable(this.#outgoing.durable);
  }

  async #startOver(): Promise<void> {
    this.#endWhole();
    await this.#outgoing.settle();
    this.#filling.release();
    this.#outgoing.rollBack(0);
    await this.#options.kept.startOver();
    this.#filling = this.#next();
    this.#beginWhole();
  }

  /** The part that fills, with what of it lay in hidden files in memory again; `undefined` if it is too much. */
  async #allInMemory(): Promise<PartBuffer | undefined> {
    const { place, kept } = this.#options;
    const { pieces, number, offset, target, size } = this.#filling;
    if (pieces.length === 0) return this.#filling;
    if (size > mostInMemory) return undefined;
    const whole = new PartBuffer(this.#allotment, { number, offset, target });
    for await (const chunk of this.#filling.body((piece) => place.store.read(piece.path)).stream()) {
      for (let left = chunk; left.length > 0; ) {
        const taken = whole.append(left);
        left = left.subarray(taken);
        const block = taken === 0 ? this.#allotment.take() : undefined;
        if (block) whole.add(block);
        else if (taken === 0) {
          whole.release();
          return undefined;
        }
      }
    }
    this.#endWhole();
    this.#filling.release();
    this.#filling = whole;
    // Whatever happens now, what the files say is not the file's content any more.
    await kept.noteTail({ at: offset, pieces: [] });
    return whole;
  }

  async #giveMemoryBack(): Promise<void> {
    await this.#changed.putAgain();
    if (this.#options.sizes.mayCutShort(this.#filling)) await this.#send();
    await this.#outgoing.settle();
  }

  /** Make everything so far durable: as a part where it is large enough for one, else as a hidden file. */
  async keep(): Promise<void> {
    await (await this.handOver()).kept;
  }

  /** Hand everything so far over to be kept. More may be appended while it is on its way. */
  async handOver(): Promise<{ readonly kept: Promise<void> }> {
    await this.#begin();
    await this.#changed.putAgain();
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
    await this.#changed.putAgain();
    if (this.#filling.size > 0 || this.#outgoing.count === 0) await this.#send();
    await this.#outgoing.settle();
  }

  /** Go on with bytes of a finished file: copied by the store where it can, else read. */
  async takeBase(base: Base, from: number, to: number, options: Abortable): Promise<void> {
    const { limits } = this.#options.place.store;
    const least = Math.max(MiB, limits.minPartSize);
    let at = from;
    if (!limits.equalParts && to - at >= least) {
      const { upload } = await this.#begin();
      if (upload.copyPart && this.#filling.size > 0) {
        // What fills becomes large enough for a part of its own, so that the rest need not pass through here.
        const short = Math.min(to - at, Math.max(0, least - this.#filling.size));
        await this.#readBase(base, at, at + short, options);
        at += short;
        if (this.#options.sizes.mayCutShort(this.#filling)) await this.#send();
      }
      if (this.#filling.size === 0 && to - at >= least && (await this.#copyBase(upload, base, at, to))) return;
    }
    await this.#readBase(base, at, to, options);
  }

  async #copyBase(upload: Upload, base: Base, from: number, to: number): Promise<boolean> {
    const { place } = this.#options;
    const { copyPart } = upload;
    if (copyPart === undefined) return false;
    const copied = await copyRanges(place.store.limits, { from, to, number: this.#outgoing.count + 1 }, (part) =>
      patiently(
        place,
        (abort) => copyPart.call(upload, part, { ...base.file, start: part.offset }, abort),
        this.#calm(),
      ),
    );
    if (copied === undefined) return false;
    this.#endWhole();
    for (const receipt of copied) await this.#outgoing.adopt(receipt, base);
    this.#filling = this.#next();
    return true;
  }

  async #readBase({ file }: Base, start: number, end: number, options: Abortable): Promise<void> {
    if (start === end) return;
    const { store } = this.#options.place;
    for await (const chunk of await store.read(file.path, { ...options, range: { start, end }, etag: file.etag })) {
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
    this.#outgoing.close();
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
      if (this.#outgoing.changed.length > 0) return this.#changed.putAgain();
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
