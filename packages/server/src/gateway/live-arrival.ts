import {
  type Abortable,
  asTransferError,
  type FailureCode,
  GiB,
  KiB,
  type StoredFile,
  TransferError,
} from "@naru/core";
import { EarlyBytes, windowSize } from "./early-bytes.ts";
import type { Base } from "./file-base.ts";
import { type FillingOptions, FillingPart } from "./filling-part.ts";
import type { Arrival } from "./gateway-session.ts";
import type { StreamDigests } from "./whole-digests.ts";

export interface LiveArrivalOptions extends Omit<FillingOptions, "onFailure"> {
  /** Absolute. */
  readonly path: string;
  /** The size that the client told. */
  readonly expected?: number | undefined;
  readonly modified?: Date | undefined;
  /** A finished file that is changed: it stays as it is until all of the new one is there. */
  readonly base?: Base | undefined;
  /** Publish what is in the parts; what comes of it depends on the name. */
  readonly publish: (arrival: LiveArrival, options: Abortable) => Promise<StoredFile>;
  /** It has ended, one way or another. */
  readonly onEnd: (arrival: LiveArrival) => void;
}

type State = { readonly at: "open" } | { readonly at: "done"; readonly file: StoredFile } | { readonly at: "ended" };

/** So many bytes that nobody wrote are published as zeros, as disks do; more are a size that did not come true. */
const mostZeros = GiB;
const zeros = new Uint8Array(256 * KiB);

/**
 * A file being written: puts bytes in order, and its calls one after another.
 *
 * What came without a hole is in `filling`; what came ahead of it waits in `#early`. Below both lies, up to `#floor`, the
 * finished file that it was opened on. Gaps are filled when the client closes it: from that file, else with zeros.
 */
export class LiveArrival implements Arrival {
  readonly path: string;
  /** The parts, and the one that fills. */
  readonly filling: FillingPart;
  readonly #options: LiveArrivalOptions;
  readonly #early: EarlyBytes;
  #floor: number;
  #touched = false;
  /** The client has asked for a change. */
  #begun = false;
  #turn: Promise<unknown> = Promise.resolve();
  #state: State = { at: "open" };
  #failure: TransferError | undefined;
  /** The size that was told at the beginning, which must come true. */
  #expected: number | undefined;
  /** The size that the client set beyond what it has written. */
  #grown = 0;
  /** How much an earlier attempt brought that was written over from its first byte on. */
  #former = 0;
  #modified: Date | undefined;
  #lastWrite: number;

  constructor(options: LiveArrivalOptions) {
    this.path = options.path;
    this.#options = options;
    this.#floor = options.base?.file.size ?? 0;
    this.#lastWrite = options.place.now();
    this.#expected = options.expected;
    this.#modified = options.modified;
    this.#early = new EarlyBytes(options.place.pool);
    this.filling = new FillingPart({
      ...options,
      modified: () => this.#modified,
      onFailure: (error) => {
        this.#failure ??= asTransferError(error);
      },
    });
  }

  get size(): number {
    return this.#early.reach(Math.max(this.filling.end, this.#floor));
  }

  get modified(): Date | undefined {
    return this.#modified;
  }

  /** The ledger's id of the upload, once there is one. */
  get id(): string | undefined {
    return this.#options.kept.id;
  }

  /** It changes a finished file: that is what others see, and what is left if it is cut off. */
  get isEdit(): boolean {
    return this.#options.base !== undefined;
  }

  /** Nothing but the file that it was opened on. */
  get isUntouched(): boolean {
    return this.isEdit && !this.#touched;
  }

  /** When bytes came last. */
  get lastWrite(): number {
    return this.#lastWrite;
  }

  digests(): Promise<StreamDigests | undefined> {
    return this.filling.digests();
  }

  write(offset: number, bytes: Uint8Array, options: Abortable = {}): Promise<void> {
    return this.#inTurn(async () => {
      options.signal?.throwIfAborted();
      this.#check();
      if (bytes.length === 0) return;
      this.#lastWrite = this.#options.place.now();
      try {
        await this.#place(offset, bytes, options);
        this.#touched = true;
      } finally {
        this.#begun = true;
      }
      this.#check();
    });
  }

  async flush(): Promise<void> {
    const handedOver = await this.#inTurn(async () => {
      if (this.#state.at !== "open") return undefined;
      this.#check();
      // Of an edit nothing is left but by `finish`.
      return this.isEdit ? undefined : this.filling.handOver();
    });
    // Not in turn: what is written meanwhile need not wait.
    await handedOver?.kept;
  }

  resize(size: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#check();
      if (size === this.#length && this.#expected === undefined && this.#former === 0) return;
      if (size < this.filling.end && !(await this.filling.cut(size))) {
        const why = `the store has ${this.filling.end} already and takes none back; remove the file and send it again`;
        throw new TransferError("unsupported", `Cannot cut "${this.path}" to ${size} bytes: ${why}`);
      }
      this.#touched = true;
      this.#begun = true;
      this.#early.cut(size, Number.POSITIVE_INFINITY);
      this.#floor = Math.min(this.#floor, size);
      this.#grown = size;
      this.#expected = undefined;
      this.#former = 0;
    });
  }

  goBack(size: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#check();
      if (size >= this.size) return;
      this.#touched = true;
      this.#begun = true;
      this.#early.cut(size, Number.POSITIVE_INFINITY);
      this.#floor = Math.min(this.#floor, size);
      this.#expected = undefined;
      if (size < this.filling.end) await this.filling.rollBack(size);
    });
  }

  setModified(modified: Date): void {
    this.#modified = modified;
  }

  finish(options: Abortable = {}): Promise<StoredFile> {
    return this.#inTurn(async () => {
      if (this.#state.at === "done") return this.#state.file;
      this.#check();
      this.#refuseShort();
      if (!this.isUntouched) await this.#fillGaps(options);
      const published = this.isUntouched ? this.#options.base?.file : await this.#options.publish(this, options);
      if (published === undefined)
        throw new TransferError("internal", `Cannot finish "${this.path}": nothing is there`);
      this.#state = { at: "done", file: published };
      this.#end();
      return published;
    });
  }

  suspend(): Promise<void> {
    return this.#leave(undefined);
  }

  /** A newcomer goes on with it: keep what came; later calls fail. */
  supersede(): Promise<void> {
    return this.#leave("superseded");
  }

  /** Someone wants nothing of it any more: what came is forgotten. */
  async discard(code: FailureCode): Promise<void> {
    await this.fail(code);
    await this.#options.kept.abort();
  }

  /** Later calls fail; what travels is dropped. */
  async fail(code: FailureCode): Promise<void> {
    if (this.#state.at !== "open") return;
    this.#refuseLater(code);
    this.filling.drop(this.#failure);
    await this.#inTurn(async () => {
      await this.filling.stop();
      this.#end();
    });
  }

  #refuseLater(code: FailureCode): void {
    const why = code === "superseded" ? "it was opened again elsewhere" : "it was removed";
    this.#failure = new TransferError(code, `Cannot go on with "${this.path}": ${why}`);
  }

  async #leave(code: FailureCode | undefined): Promise<void> {
    this.filling.hurry();
    await this.#inTurn(async () => {
      if (this.#state.at !== "open") return;
      const gone = this.#failure?.code === "not-found" || this.#failure?.code === "superseded";
      if (this.isEdit) await this.#forget();
      else if (!gone && this.filling.end > 0) await this.filling.keepWhatCan();
      else if (!gone) await this.#forget();
      if (code !== undefined) this.#refuseLater(code);
      this.#end();
    });
  }

  #end(): void {
    if (this.#state.at === "open") this.#state = { at: "ended" };
    this.#early[Symbol.dispose]();
    this.filling.close();
    this.#options.onEnd(this);
  }

  /** Nothing came, or only changes of what stands there and stays. */
  async #forget(): Promise<void> {
    const { kept, place } = this.#options;
    await this.filling.stop();
    await kept.abort().catch((error: unknown) => {
      // It expires, as all uploads do.
      place.log.warn({ upload: kept.id, err: error }, "cannot forget an arrival");
    });
  }

  async #place(offset: number, bytes: Uint8Array, options: Abortable): Promise<void> {
    while (offset > this.filling.end) {
      if (this.#mayWait(offset) && this.#early.add(offset, bytes)) return;
      // No more can wait: what the finished file has below goes in, up to the first that waits.
      const next = Math.min(offset, this.#early.first);
      if (next > this.#floor) throw this.#tooEarly(offset);
      await this.#takeBase(next, options);
      await this.#takeEarly(options);
    }
    const over = bytes.subarray(0, this.filling.end - offset);
    if (over.length > 0) await this.#rewrite(offset, over);
    const more = bytes.subarray(over.length);
    this.#early.cut(this.filling.end, this.filling.end + more.length);
    await this.filling.append(more, options);
    await this.#takeEarly(options);
  }

  /** Far ahead of the finished file and of all that came there would be more zeros than we publish. */
  #mayWait(offset: number): boolean {
    return offset - Math.max(this.filling.end, this.#floor) <= (this.#isResumed ? windowSize : mostZeros);
  }

  async #rewrite(offset: number, bytes: Uint8Array): Promise<void> {
    if (await this.filling.rewrite(offset, bytes)) return;
    // Who opens what is left of an attempt, and begins with the first byte, sends it all again.
    if (offset !== 0 || !this.#isResumed || this.#begun) throw this.#tooLate(offset);
    this.#former = this.filling.end;
    await this.filling.rollBack(0);
    await this.filling.append(bytes);
  }

  async #takeEarly(options: Abortable): Promise<void> {
    for (let next = this.#early.take(this.filling.end); next; next = this.#early.take(this.filling.end)) {
      await this.filling.append(next, options);
    }
  }

  async #takeBase(to: number, options: Abortable): Promise<void> {
    const { base } = this.#options;
    const end = Math.min(to, this.#floor);
    if (base && this.filling.end < end) await this.filling.takeBase(base, this.filling.end, end, options);
  }

  /** How long the file is as its client sees it. */
  get #length(): number {
    return Math.max(this.filling.end, this.#floor, this.#early.end, this.#grown);
  }

  async #fillGaps(options: Abortable): Promise<void> {
    const length = this.#length;
    while (this.filling.end < length) {
      const next = Math.min(this.#early.first, length);
      await this.#takeBase(next, options);
      while (this.filling.end < next) {
        await this.filling.append(zeros.subarray(0, next - this.filling.end), options);
      }
      await this.#takeEarly(options);
    }
  }

  #refuseShort(): void {
    const { end } = this.filling;
    const missing = `Cannot finish "${this.path}": byte ${end}`;
    const former = `${this.#former} bytes of an earlier attempt came, and ${end} were sent again`;
    if (end < this.#former) throw new TransferError("incomplete", `${missing} has not come: ${former}`);
    const length = this.#length;
    if (this.#expected !== undefined && this.#expected !== length) {
      const fault = length < this.#expected ? "has not come" : "is one too many";
      throw new TransferError("incomplete", `${missing} of ${this.#expected} ${fault}`);
    }
    // What goes on from an earlier attempt has lost bytes where it has a hole.
    const most = this.#isResumed ? 0 : mostZeros;
    if (this.#zeros > most) throw new TransferError("incomplete", `${missing} has not come of ${length}`);
  }

  /** How many bytes nobody wrote. */
  get #zeros(): number {
    const start = Math.max(this.filling.end, this.#floor);
    return this.#length - start - this.#early.heldFrom(start);
  }

  get #isResumed(): boolean {
    return (this.#options.receipts?.length ?? 0) + (this.#options.tail?.length ?? 0) > 0;
  }

  #tooEarly(offset: number): TransferError {
    const { end } = this.filling;
    return new TransferError("invalid", `Cannot write "${this.path}" at ${offset}: it is to go on at ${end}`);
  }

  #tooLate(offset: number): TransferError {
    const why = `the store has these bytes already and takes no others; what came, up to ${this.filling.end}, stays`;
    return new TransferError("unsupported", `Cannot write "${this.path}" at ${offset}: ${why}`);
  }

  #check(): void {
    if (this.#failure) throw this.#failure;
    if (this.#state.at === "open") return;
    throw new TransferError("conflict", `Cannot write "${this.path}": it was closed`);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
