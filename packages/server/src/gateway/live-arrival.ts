import { type Abortable, asTransferError, type FailureCode, type StoredFile, TransferError } from "@naru/core";
import { EarlyBytes } from "./early-bytes.ts";
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
  /** A finished file that it goes on from. */
  readonly base?: Base | undefined;
  /** Publish what is in the parts; what comes of it depends on the name. */
  readonly publish: (arrival: LiveArrival, options: Abortable) => Promise<StoredFile>;
  /** It has ended, one way or another. */
  readonly onEnd: (arrival: LiveArrival) => void;
}

type State = { readonly at: "open" } | { readonly at: "done"; readonly file: StoredFile } | { readonly at: "ended" };

/** A file being written: puts bytes in order, and its calls one after another. */
export class LiveArrival implements Arrival {
  readonly path: string;
  /** The parts, and the one that fills. */
  readonly filling: FillingPart;
  readonly #options: LiveArrivalOptions;
  readonly #early: EarlyBytes;
  #base: Base | undefined;
  #rest: Base | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #state: State = { at: "open" };
  #failure: TransferError | undefined;
  #expected: number | undefined;
  #modified: Date | undefined;
  #lastWrite: number;

  constructor(options: LiveArrivalOptions) {
    this.path = options.path;
    this.#options = options;
    this.#base = options.base;
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
    return this.#base?.file.size ?? this.filling.end;
  }

  get modified(): Date | undefined {
    return this.#modified;
  }

  /** The ledger's id of the upload, once there is one. */
  get id(): string | undefined {
    return this.#options.kept.id;
  }

  /** Nothing but the file that it was opened on, if that. */
  get isUntouched(): boolean {
    return this.#base !== undefined;
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
      await this.#leaveBase(offset);
      if (offset > this.size) {
        this.#early.add(offset, bytes, { expected: this.size, path: this.path });
        return;
      }
      await this.filling.append(await this.#beyond(offset, bytes), options);
      for (let next = this.#early.take(this.size); next !== undefined; next = this.#early.take(this.size)) {
        await this.filling.append(next, options);
      }
      this.#check();
    });
  }

  async flush(): Promise<void> {
    const handedOver = await this.#inTurn(async () => {
      if (this.#state.at !== "open") return undefined;
      this.#check();
      return this.isUntouched ? undefined : this.filling.handOver();
    });
    // Not in turn: what is written meanwhile need not wait.
    await handedOver?.kept;
  }

  resize(size: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#check();
      if (size > this.size) {
        this.#expected = size;
        return;
      }
      this.#expected = undefined;
      if (size === this.size) return;
      await this.#leaveBase(size);
      this.#rest = undefined;
      this.#early[Symbol.dispose]();
      await this.filling.rollBack(size);
    });
  }

  setModified(modified: Date): void {
    this.#modified = modified;
  }

  finish(options: Abortable = {}): Promise<StoredFile> {
    return this.#inTurn(async () => {
      if (this.#state.at === "done") return this.#state.file;
      this.#check();
      if (this.#rest !== undefined && this.filling.end < this.#rest.file.size) {
        await this.filling.takeBase(this.#rest, this.filling.end, this.#rest.file.size, options);
      }
      this.#refuseHoles();
      const file = this.isUntouched ? this.size : undefined;
      const published = file === undefined ? await this.#options.publish(this, options) : this.#base?.file;
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
      if (!gone && !this.isUntouched && this.filling.end > 0) await this.filling.keepWhatCan();
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

  /** The first byte is about to change the file that this was opened on. */
  async #leaveBase(offset: number): Promise<void> {
    const base = this.#base;
    if (base === undefined) return;
    const keep = Math.min(offset, base.file.size);
    // What is written over in the middle leaves the rest as it was.
    if (keep < base.file.size) this.#rest = base;
    await this.filling.takeBase(base, 0, keep, {});
    this.#base = undefined;
  }

  /** What of a write lies beyond the end; what lies before must be the same, or can be written over. */
  async #beyond(offset: number, bytes: Uint8Array): Promise<Uint8Array> {
    const overlap = Math.min(this.size - offset, bytes.length);
    if (overlap === 0) return bytes;
    if (this.filling.rewrite(offset, bytes.subarray(0, overlap))) return bytes.subarray(overlap);
    await this.filling.rollBack(offset);
    if (this.size === offset) return bytes;
    throw new TransferError("invalid", `Cannot write "${this.path}" at ${offset}: it is to go on at ${this.size}`);
  }

  #refuseHoles(): void {
    const missing = `Cannot finish "${this.path}": byte ${this.size}`;
    if (!this.#early.empty) throw new TransferError("incomplete", `${missing} has not come, but ${this.#early.first}`);
    if (this.#expected === undefined || this.#expected === this.size) return;
    const fault = this.size < this.#expected ? "has not come" : "is one too many";
    throw new TransferError("incomplete", `${missing} of ${this.#expected} ${fault}`);
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
