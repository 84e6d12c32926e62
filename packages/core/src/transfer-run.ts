/**
 * What a transfer does from beginning to end: find or make the upload, send what is missing, complete.
 *
 * @module
 */

import { linked } from "./abortable.ts";
import type { Sleeper } from "./backoff.ts";
import { wholeDigest } from "./digests.ts";
import type { TransferOptions } from "./engine.ts";
import { isTransferError, TransferError } from "./errors.ts";
import { HashAhead } from "./hash-ahead.ts";
import { PartsRun } from "./parts-run.ts";
import { choosePartSize, planOf } from "./plan.ts";
import type { ProgressCounter } from "./progress-counter.ts";
import { patientPolicy } from "./retry-policy.ts";
import { retrying } from "./retrying.ts";
import { SendWork } from "./send-work.ts";
import type { Abortable, Part, PartDigest, Source, Store, StoredFile, Upload, UploadSpec } from "./store.ts";
import { KiB } from "./units.ts";
import { Watchdog } from "./watchdog.ts";

/** So often may an upload vanish, or turn out incomplete, without any progress between. */
const mostSetbacks = 3;
const rehashAtOnce = 4;
/** A proxy that takes less than this at once is set up wrong, and says so sooner. */
const smallestCut = 256 * KiB;
const hashedEarly = 8;

export interface TransferRunContext {
  readonly source: Source;
  readonly store: Store;
  readonly spec: UploadSpec & { readonly size: number };
  readonly options: TransferOptions;
  readonly counter: ProgressCounter<"uploading">;
  readonly sleeper: Sleeper;
}

/** The way of one file; `go` may be called again after it was stopped or failed. */
export class TransferRun {
  readonly #context: TransferRunContext;
  readonly #hashes: HashAhead;
  #id: string | undefined;
  #upload: Upload | undefined;
  #plan: readonly Part[] = [];
  /** The wish for the size of parts. */
  #partSize: number | undefined;
  /** This run made the upload, so it may make another one in its place. */
  #isOurs = false;
  #allSent = false;
  #gone = 0;
  #unfinished = 0;

  constructor(context: TransferRunContext) {
    this.#context = context;
    this.#hashes = new HashAhead(context.source, context.options.digest);
    this.#id = context.options.resume;
    this.#partSize = context.spec.partSize;
  }

  /** Go from wherever it stands to the end. */
  async go(options: Required<Abortable>): Promise<StoredFile> {
    this.#hashes.drop();
    this.#gone = 0;
    this.#unfinished = 0;
    for (;;) {
      try {
        if (this.#upload === undefined || !this.#allSent) await this.#check(options);
        return await this.#send(this.#mustHaveUpload(), options);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isTransferError(error)) throw error;
        if (error.code === "superseded") this.#upload = undefined;
        if (error.code === "proxy-limit" && (await this.#cutSmaller(options))) continue;
        if (error.code !== "not-found" || this.#id === undefined) throw error;
        this.#restart(error);
      }
    }
  }

  /** Forget the upload at the store; one that is not there is fine. */
  async abort(): Promise<void> {
    if (this.#upload === undefined && this.#id === undefined) return;
    try {
      const upload = this.#upload ?? (await this.#context.store.resume(this.#id ?? ""));
      await upload.abort();
    } catch (error) {
      if (!isTransferError(error) || error.code !== "not-found") throw error;
    }
  }

  async #check(options: Required<Abortable>): Promise<void> {
    const { counter, options: given } = this.#context;
    options.signal?.throwIfAborted();
    counter.enter("checking");
    const upload = this.#upload ?? (await this.#open(options));
    this.#makePlan(upload);
    if (upload !== this.#upload) {
      this.#prepareFirst(upload, options);
      await given.onUpload?.(upload);
    }
    this.#upload = upload;
    this.#id = upload.id;
    await this.#readReceipts(upload, options);
    counter.skipped();
  }

  async #open(options: Required<Abortable>): Promise<Upload> {
    const { store, spec, source } = this.#context;
    const id = this.#id;
    if (id === undefined) {
      const partSize = choosePartSize(spec.size, store.limitsFor(spec.path), this.#partSize);
      this.#isOurs = true;
      // The store nearly always keeps to it: then the first digests are there when the upload is.
      this.#plan = planOf(spec.size, partSize);
      this.#hashes.ahead(this.#plan.slice(0, hashedEarly), options);
      return this.#retrying((o) => store.create({ ...spec, partSize }, o), options);
    }
    const upload = await this.#retrying((o) => store.resume(id, o), options);
    if (upload.spec.size !== undefined && upload.spec.size !== source.size) {
      throw new TransferError("file-changed", `Cannot resume "${spec.path}": the file has another size now`);
    }
    return upload;
  }

  #makePlan(upload: Upload): void {
    const { store, spec } = this.#context;
    const partSize = upload.spec.partSize ?? choosePartSize(spec.size, store.limitsFor(spec.path), this.#partSize);
    if (this.#plan[0]?.size === Math.min(partSize, spec.size)) return;
    this.#hashes.clear();
    this.#plan = planOf(spec.size, partSize);
  }

  /** Whoever has the upload remembered is not waited for by what must be asked before the first byte of a new one. */
  #prepareFirst(upload: Upload, options: Abortable): void {
    const [first] = this.#plan;
    if (first === undefined || upload.prepare === undefined || this.#context.options.resume !== undefined) return;
    const prepare = (digest: PartDigest | undefined): void => {
      if (digest !== undefined) upload.prepare?.({ ...first, digest });
    };
    const known = this.#hashes.known.get(first.number);
    if (known !== undefined) prepare(known);
    // Whoever sends the part meets the failure.
    else this.#hashes.of(first, options).then(prepare, () => undefined);
  }

  /** A receipt that does not fit the plan proves nothing. */
  async #readReceipts(upload: Upload, options: Required<Abortable>): Promise<void> {
    const receipts = await this.#retrying((o) => upload.receipts(o), options);
    const fitting = receipts.filter(({ part }) => {
      const planned = this.#plan[part.number - 1];
      return planned !== undefined && planned.offset === part.offset && planned.size === part.size;
    });
    this.#context.counter.hold(upload.id, this.#plan.length, fitting);
  }

  async #send(upload: Upload, options: Required<Abortable>): Promise<StoredFile> {
    const { counter } = this.#context;
    for (;;) {
      if (!this.#allSent) await this.#sendMissing(upload, options);
      options.signal?.throwIfAborted();
      this.#allSent = true;
      counter.enter("verifying");
      const digests = await this.#allDigests(options);
      try {
        return await this.#retrying((o) => upload.complete({ ...o, digests }), options);
      } catch (error) {
        if (!isTransferError(error) || error.code !== "incomplete") throw error;
        this.#unfinished += 1;
        if (this.#unfinished >= mostSetbacks) throw error;
        this.#allSent = false;
        await this.#readReceipts(upload, options);
      }
    }
  }

  async #sendMissing(upload: Upload, options: Required<Abortable>): Promise<void> {
    const { counter, store, spec, sleeper, source, options: given } = this.#context;
    const missing = this.#plan.filter((part) => !counter.receipts.has(part.number));
    if (missing.length === 0) return;
    counter.move();
    const work = new SendWork({ source, upload, counter, hashes: this.#hashes });
    const maxInFlight = upload.maxInFlight ?? store.limitsFor(spec.path).maxInFlight;
    const context = { work, options: given, counter, sleeper, maxInFlight };
    const held = counter.receipts.size;
    try {
      await new PartsRun(context, this.#plan[0]?.size ?? 1).move(missing, options);
    } finally {
      if (counter.receipts.size > held) this.#gone = 0;
    }
  }

  /** Digests of all parts; those that neither we nor the store know are computed now. */
  async #allDigests(options: Required<Abortable>): Promise<ReadonlyMap<number, PartDigest>> {
    const { counter } = this.#context;
    const unknown = this.#plan.filter((part) => counter.receipts.get(part.number)?.digest?.crc64 === undefined);
    const queue = unknown.values();
    const work = async (): Promise<void> => {
      for (const part of queue) await this.#hashes.of(part, options);
    };
    await Promise.all(Array.from({ length: rehashAtOnce }, work));
    const digests = new Map(this.#hashes.known);
    for (const receipt of counter.receipts.values()) {
      const digest = wholeDigest(receipt.digest);
      if (digest !== undefined && !digests.has(receipt.part.number)) digests.set(receipt.part.number, digest);
    }
    return digests;
  }

  #retrying<T>(call: (options: Abortable) => Promise<T>, options: Required<Abortable>): Promise<T> {
    const { counter } = this.#context;
    const { random } = this.#context.options;
    const { state } = counter;
    const wait = async (ms: number, error: TransferError, o: Abortable): Promise<void> => {
      counter.enter(error.code === "unreachable" ? "offline" : state, error);
      await this.#sleep(ms, o);
      counter.enter(state);
    };
    return retrying(call, patientPolicy, { ...options, random, wait });
  }

  /** Sleep, but wake up when a probe finds that the line is back. */
  async #sleep(ms: number, options: Abortable): Promise<void> {
    const { sleeper, options: given } = this.#context;
    using stop = linked(options);
    const watchdog = new Watchdog({
      clock: given.clock,
      probe: given.probe,
      attempts: () => [],
      isWaiting: () => true,
      onBack: () => sleeper.wake(),
    });
    const watching = watchdog.watch(stop);
    try {
      await sleeper.sleep(ms, stop);
    } finally {
      stop.abort();
      await watching;
    }
  }

  /**
   * Begin anew with parts of half the size, since a proxy lets none of this size through; not when that would cost what has
   * arrived. False when parts cannot be smaller.
   */
  async #cutSmaller(options: Abortable): Promise<boolean> {
    const { spec, store, counter } = this.#context;
    const planned = this.#plan[0]?.size ?? 0;
    const held = [...counter.receipts.values()].reduce((sum, { part }) => sum + part.size, 0);
    if (!this.#isOurs || this.#upload === undefined || held >= planned) return false;
    const smaller = choosePartSize(
      spec.size,
      store.limitsFor(spec.path),
      Math.max(Math.floor(planned / 2), smallestCut),
    );
    if (smaller >= planned) return false;
    await this.#upload.abort(options);
    this.#hashes.clear();
    this.#partSize = smaller;
    this.#id = undefined;
    this.#upload = undefined;
    this.#allSent = false;
    counter.restarted();
    return true;
  }

  /** Begin anew after the upload vanished, unless it does so again and again. */
  #restart(error: TransferError): void {
    this.#gone += 1;
    if (this.#allSent) this.#unfinished += 1;
    if (Math.max(this.#gone, this.#unfinished) >= mostSetbacks) throw error;
    this.#id = undefined;
    this.#upload = undefined;
    this.#allSent = false;
    this.#context.counter.restarted();
    this.#context.options.onRestart?.();
  }

  #mustHaveUpload(): Upload {
    if (this.#upload === undefined)
      throw new TransferError("internal", `Cannot send "${this.#context.spec.path}": there is no upload`);
    return this.#upload;
  }
}
