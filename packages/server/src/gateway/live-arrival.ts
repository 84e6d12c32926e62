import { type Abortable, asTransferError, type FailureCode, type StoredFile, TransferError } from "@naru/core";
import { ArrivalContent } from "./arrival-content.ts";
import type { ArrivingOptions } from "./arriving-parts.ts";
import type { Base } from "./file-base.ts";
import { FillingPart } from "./filling-part.ts";
import type { Arrival } from "./gateway-session.ts";

export interface LiveArrivalOptions extends Omit<ArrivingOptions, "onFailure" | "modified"> {
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

/** A file being written: its calls are done one after another, and it ends once. */
export class LiveArrival implements Arrival {
  readonly path: string;
  /** The parts, and the one that fills. */
  readonly filling: FillingPart;
  readonly #options: LiveArrivalOptions;
  readonly #content: ArrivalContent;
  #turn: Promise<unknown> = Promise.resolve();
  #state: State = { at: "open" };
  #failure: TransferError | undefined;
  /** The ledger knows that it is kept. */
  #isNoted = false;
  /** So many bytes the store said that it takes, while it refuses files. */
  #promised = 0;
  #modified: Date | undefined;
  #lastWrite: number;

  constructor(options: LiveArrivalOptions) {
    this.path = options.path;
    this.#options = options;
    this.#lastWrite = options.context.now();
    this.#modified = options.modified;
    this.filling = new FillingPart({
      ...options,
      modified: () => this.#modified,
      onFailure: (error) => {
        this.#failure ??= asTransferError(error);
      },
    });
    const { base, expected, path, context, receipts = [], tail = [] } = options;
    const isResumed = receipts.length + tail.length > 0;
    this.#content = new ArrivalContent({ path, pool: context.pool, filling: this.filling, expected, base, isResumed });
  }

  get size(): number {
    return this.#content.size;
  }

  get modified(): Date | undefined {
    return this.#modified;
  }

  /** The ledger's id of the upload, once there is one. */
  get id(): string | undefined {
    return this.#options.kept.id;
  }

  /**
   * It changes a finished file: that is what others see, and what is left if it is cut off; unless more than waits in
   * memory was appended to it, which is kept to be resumed.
   */
  get isEdit(): boolean {
    return this.#options.base !== undefined;
  }

  /** Nothing but the file that it was opened on. */
  get isUntouched(): boolean {
    return this.isEdit && !this.#content.isChanged;
  }

  /** When bytes came last. */
  get lastWrite(): number {
    return this.#lastWrite;
  }

  write(offset: number, bytes: Uint8Array, options: Abortable = {}): Promise<void> {
    return this.#inTurn(async () => {
      options.signal?.throwIfAborted();
      this.#check();
      if (bytes.length === 0) return;
      this.#lastWrite = this.#options.context.now();
      await this.#noteEdit(offset);
      await this.#content.write(offset, bytes, options);
      await this.#noteExtension();
      await this.#askForRoom();
      this.#check();
    });
  }

  async flush(): Promise<void> {
    const handedOver = await this.#inTurn(async () => {
      if (this.#state.at !== "open") return undefined;
      this.#check();
      // Of an edit nothing is left but by `finish`.
      return this.isEdit && !this.#content.isExtension ? undefined : this.filling.handOver();
    });
    // Not in turn: what is written meanwhile need not wait.
    await handedOver?.kept;
    if (handedOver && this.isEdit) await this.#inTurn(() => this.#noteExtension());
  }

  resize(size: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#check();
      await this.#noteEdit(size);
      await this.#content.resize(size);
    });
  }

  goBack(size: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#check();
      await this.#noteEdit(size);
      await this.#content.goBack(size);
    });
  }

  setModified(modified: Date): void {
    this.#modified = modified;
  }

  finish(options: Abortable = {}): Promise<StoredFile> {
    return this.#inTurn(async () => {
      if (this.#state.at === "done") return this.#state.file;
      this.#check();
      this.#content.refuseShort();
      if (!this.isUntouched) await this.#content.fill(options);
      const publish = (): Promise<StoredFile> => this.#options.publish(this, options);
      const published = this.isUntouched
        ? this.#options.base?.file
        : await this.#options.context.refusals.watch(publish);
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
    this.#failure = new TransferError(code, `Cannot resume "${this.path}": ${why}`);
  }

  async #leave(code: FailureCode | undefined): Promise<void> {
    this.filling.hurry();
    await this.#inTurn(async () => {
      if (this.#state.at !== "open") return;
      const gone = this.#failure?.code === "not-found" || this.#failure?.code === "superseded";
      if (this.isEdit && !this.#content.isExtension) await this.#forget();
      else if (!gone && this.filling.end > 0) await this.#keep();
      else if (!gone) await this.#forget();
      if (code !== undefined) this.#refuseLater(code);
      this.#end();
    });
  }

  #end(): void {
    if (this.#state.at === "open") this.#state = { at: "ended" };
    this.#content[Symbol.dispose]();
    this.filling.close();
    this.#options.onEnd(this);
  }

  /** What is kept of a longer file stands for the finished one from now on: it must have all of that. */
  async #keep(): Promise<void> {
    await this.filling.keepWhatCan();
    if (!this.isEdit) return;
    if (this.#isLonger) await this.#options.kept.noteEdit(false);
    else await this.#forget();
  }

  /** More than the finished file is safe. */
  get #isLonger(): boolean {
    return this.filling.durable > (this.#options.base?.file.size ?? 0);
  }

  /** Nothing came, or only changes of what stands there and stays. */
  async #forget(): Promise<void> {
    const { kept, context } = this.#options;
    await this.filling.stop();
    await kept.abort().catch((error: unknown) => {
      // It expires, as all uploads do.
      context.log.warn({ upload: kept.id, err: error }, "cannot forget an arrival");
    });
  }

  /** A crash must not leave to be resumed what is changed before the end of the finished file. */
  async #noteEdit(offset: number): Promise<void> {
    const { base, kept } = this.#options;
    if (base && offset < base.file.size && this.#content.isExtension) await kept.noteEdit(true);
  }

  async #noteExtension(): Promise<void> {
    if (this.#isNoted || this.id === undefined || !this.#content.isExtension || !this.#isLonger) return;
    this.#isNoted = true;
    await this.#options.kept.noteEdit(false);
  }

  async #askForRoom(): Promise<void> {
    const { context, path } = this.#options;
    if (this.filling.isSmall) this.#promised = await context.refusals.ask(path, this.filling.end, this.#promised);
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
