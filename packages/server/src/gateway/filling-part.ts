import { type Abortable, type Body, MiB, type Receipt, TransferError, type Upload } from "@naru/core";
import { type ArrivingOptions, ArrivingParts } from "./arriving-parts.ts";
import { type Base, copyRanges } from "./file-base.ts";
import { patiently } from "./gateway-context.ts";
import type { HashedPart } from "./hash-thread.ts";
import { Rewriting } from "./rewriting.ts";
import { tailPath } from "./tail-path.ts";

/** More than this of a part is not held in memory while it fills. */
const mostInMemory = 32 * MiB;

/** So long a part that is too small for the store waits for the memory of others. */
const othersWaitMs = 2000;

/** Clients that resume by parts have them of this size, as our agent does. */
const clientsPart = 8 * MiB;

/** Bytes in order become parts: the one that fills, and those that travel. */
export class FillingPart {
  /** For bytes that came before. */
  readonly rewriting: Rewriting;
  readonly #parts: ArrivingParts;

  constructor(options: ArrivingOptions) {
    this.#parts = new ArrivingParts(options);
    this.rewriting = new Rewriting(this.#parts);
  }

  /** Up to here bytes have come without a hole. */
  get end(): number {
    return this.#parts.filling.end;
  }

  /** Up to here they are safe. */
  get durable(): number {
    const { durable, end } = this.#parts.outgoing;
    return durable === end ? end + this.#parts.filling.aside : durable;
  }

  /** The whole file is in memory, and nothing of it at the store. */
  get isSmall(): boolean {
    return this.#parts.outgoing.count === 0 && this.#parts.filling.aside === 0 && this.#parts.kept.id === undefined;
  }

  get receipts(): readonly Receipt[] {
    return this.#parts.outgoing.receipts;
  }

  memoryBody(): Body {
    return this.#parts.filling.memoryBody();
  }

  /** Digests of what is in memory, when that is all. */
  hashSmall(): HashedPart {
    return this.#parts.context.hashes.part(this.#parts.filling.held);
  }

  async append(bytes: Uint8Array, options: Abortable = {}): Promise<void> {
    let left = bytes;
    while (left.length > 0) {
      options.signal?.throwIfAborted();
      const taken = this.#parts.filling.append(left);
      if (taken > 0) {
        left = left.subarray(taken);
      } else await this.#makeRoom(options);
      if (this.#parts.filling.isFull) await this.#parts.send();
    }
  }

  /** Make everything so far durable: as a part where it is large enough for one, else as a hidden file. */
  async keep(): Promise<void> {
    await (await this.handOver()).kept;
  }

  /** Hand everything so far over to be kept. More may be appended while it is on its way. */
  async handOver({ asTail = false }: { readonly asTail?: boolean } = {}): Promise<{ readonly kept: Promise<void> }> {
    await this.#parts.begin();
    await this.rewriting.putAgain();
    if (this.#parts.filling.inMemory > 0) {
      if (!asTail && this.#parts.sizes.mayCutShort(this.#parts.filling)) await this.#parts.send();
      else await this.#putAside();
    }
    const kept = this.#parts.outgoing.settle().then(() => this.#parts.kept.noteDurable(this.durable));
    // For whoever does not wait for it; the next call meets the failure too.
    kept.catch(() => undefined);
    return { kept };
  }

  /**
   * Keep what the store will take; what it refuses is lost. Who resumes by parts of its own begins before the end of what
   * is kept: a large part that is not full becomes a hidden file, which can be written over.
   */
  async keepWhatCan(): Promise<void> {
    const { context, kept } = this.#parts;
    try {
      const asTail = this.#parts.filling.target > clientsPart;
      await (await this.handOver({ asTail })).kept;
    } catch (error) {
      context.log.warn({ upload: kept.id, err: error, durable: this.durable }, "cannot keep all of an arrival");
      await kept.noteDurable(this.durable).catch(() => undefined);
    }
  }

  /** Send what is left as the last part; an empty file is one empty part. */
  async sendLast(): Promise<void> {
    await this.#parts.begin();
    await this.rewriting.putAgain();
    if (this.#parts.filling.size > 0 || this.#parts.outgoing.count === 0) await this.#parts.send();
    await this.#parts.outgoing.settle();
  }

  /** Go on with bytes of a finished file: copied by the store where it can, else read. */
  async takeBase(base: Base, from: number, to: number, options: Abortable): Promise<void> {
    const { limits } = this.#parts.kept;
    const least = Math.max(MiB, limits.minPartSize);
    let at = from;
    if (!limits.equalParts && to - at >= least) {
      const { upload } = await this.#parts.begin();
      if (upload.copyPart && this.#parts.filling.size > 0) {
        // What fills becomes large enough for a part of its own, so that the rest need not pass through here.
        const short = Math.min(to - at, Math.max(0, least - this.#parts.filling.size));
        await this.#readBase(base, at, at + short, options);
        at += short;
        if (this.#parts.sizes.mayCutShort(this.#parts.filling)) await this.#parts.send();
      }
      if (this.#parts.filling.size === 0 && to - at >= least) at = await this.#copyBase(upload, base, at, to);
    }
    await this.#readBase(base, at, to, options);
  }

  /** Have the store copy parts; up to where it did. */
  async #copyBase(upload: Upload, base: Base, from: number, to: number): Promise<number> {
    const { kept, context } = this.#parts;
    const { copyPart } = upload;
    if (copyPart === undefined) return from;
    const copied = await copyRanges(kept.limits, { from, to, number: this.#parts.outgoing.count + 1 }, (part) =>
      patiently(
        context,
        (abort) => copyPart.call(upload, part, { ...base.file, start: part.offset }, abort),
        this.#parts.calm,
      ),
    );
    if (copied === undefined) return from;
    for (const receipt of copied) await this.#parts.outgoing.adopt(receipt, base);
    this.#parts.filling = this.#parts.next();
    return this.end;
  }

  async #readBase({ file }: Base, start: number, end: number, options: Abortable): Promise<void> {
    if (start === end) return;
    const { store } = this.#parts.context;
    for await (const chunk of await store.read(file.path, { ...options, range: { start, end }, etag: file.etag })) {
      await this.append(chunk, options);
    }
  }

  /** Wait for the store no longer than who leaves can. */
  hurry(): void {
    this.#parts.hurry();
  }

  /** Drop what travels. */
  drop(reason: unknown): void {
    this.#parts.drop(reason);
  }

  /** Drop what travels, and wait until it has ended. */
  async stop(): Promise<void> {
    this.drop(new TransferError("superseded", "Cannot send the part: it is no longer needed"));
    await this.#parts.outgoing.settle().catch(() => undefined);
  }

  close(): void {
    this.#parts.close();
  }

  /** There is no block left for us, or enough of this part is in memory. */
  async #makeRoom(options: Abortable): Promise<void> {
    if (this.#parts.filling.inMemory < this.#mostHeld()) {
      const block = this.#parts.allotment.take();
      if (block) return this.#parts.filling.add(block);
      if (this.#parts.outgoing.changed.length > 0) return this.rewriting.putAgain();
      // Our own parts give memory back when they have arrived.
      if (this.#parts.outgoing.busy || this.#parts.filling.inMemory === 0) return this.#parts.allotment.wait(options);
    }
    if (this.#parts.sizes.mayCutShort(this.#parts.filling)) await this.#parts.send();
    else if (!(await this.#othersGave(options))) await this.#putAside();
  }

  /** Wait for memory that others give back, rather than write a hidden file: not for long, since their store may hang. */
  async #othersGave(options: Abortable): Promise<boolean> {
    const { allotment, filling } = this.#parts;
    if (filling.inMemory >= this.#mostHeld() || !allotment.isAwaited) return false;
    const late = AbortSignal.timeout(othersWaitMs);
    const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
    const gave = await allotment.wait({ signal }).then(
      () => true,
      () => false,
    );
    options.signal?.throwIfAborted();
    return gave;
  }

  /** How much of this part is held before some of it must go: no more is put aside than memory cannot hold. */
  #mostHeld(): number {
    const { target, aside, number, offset } = this.#parts.filling;
    const beyond = target - aside - mostInMemory;
    if (beyond <= 0) return target;
    const short = { size: mostInMemory, number, end: offset + mostInMemory };
    if (aside === 0 && this.#parts.sizes.mayCutShort(short)) return mostInMemory;
    return Math.min(mostInMemory, beyond);
  }

  /** Move what is in memory of this part into a hidden file. */
  async #putAside(): Promise<void> {
    const { context, kept } = this.#parts;
    const { store } = context;
    const { id } = await this.#parts.begin();
    const { offset, pieces, inMemory: size } = this.#parts.filling;
    const piece = { path: tailPath(id), size };
    await kept.noteTail({ at: offset, pieces: [...pieces, piece] });
    const body = this.#parts.filling.memoryBody();
    await patiently(
      context,
      async (options) => {
        if (!store.putFile) throw new TransferError("unsupported", "Cannot buffer bytes: the store accepts only parts");
        return store.putFile({ path: piece.path, size }, body, options);
      },
      this.#parts.calm,
    );
    this.#parts.filling.moved(piece);
  }
}
