/**
 * What a fetch does from beginning to end: look at what an earlier run left, fetch what is missing, verify, give it its name.
 *
 * @module
 */

import type { Sleeper } from "./backoff.ts";
import { combineAllCrc64 } from "./crc64.ts";
import type { FetchOptions } from "./engine.ts";
import { TransferError } from "./errors.ts";
import type { FetchNote } from "./fetch-journal.ts";
import { decodeFetchNote } from "./fetch-journal.ts";
import { FetchWork } from "./fetch-work.ts";
import { PartsRun } from "./parts-run.ts";
import { planOf } from "./plan.ts";
import type { ProgressCounter } from "./progress-counter.ts";
import { RangeNotes } from "./range-notes.ts";
import type { RangeReader } from "./range-reader.ts";
import type { Sink } from "./sink.ts";
import type { Abortable, Part, Receipt, StoredFile } from "./store.ts";
import { MiB } from "./units.ts";
import { pace } from "./wrap/pace.ts";

const smallestRange = 16 * MiB;
/** The note of a file has so many ranges at most, since all of it is written again and again. */
const mostRanges = 4096;
const checkedAtOnce = 8;

export interface FetchRunContext {
  readonly reader: RangeReader;
  readonly sink: Sink;
  readonly options: FetchOptions;
  readonly counter: ProgressCounter<"downloading">;
  readonly sleeper: Sleeper;
}

/** What has been fetched. */
export interface Fetched {
  readonly file: StoredFile;
  /** CRC-64/NVME of what was written. */
  readonly crc64: string;
  /** Whether the far side knew the checksum to compare it with; else size and etag had to do. */
  readonly compared: boolean;
}

/** The way of one file; `go` may be called again after it was stopped or failed. */
export class FetchRun {
  readonly #context: FetchRunContext;
  #isChecked = false;
  #rangeSize: number;
  #plan: readonly Part[] = [];
  /** Why nothing is left to go on with. */
  #over: TransferError | undefined;

  constructor(context: FetchRunContext) {
    this.#context = context;
    const { size } = context.reader.file;
    const wished = context.options.rangeSize ?? Math.max(smallestRange, Math.ceil(size / mostRanges / MiB) * MiB);
    this.#rangeSize = wished;
  }

  /** Go from wherever it stands to the end. */
  async go(options: Required<Abortable>): Promise<Fetched> {
    const { counter } = this.#context;
    if (this.#over !== undefined) throw this.#over;
    if (!this.#isChecked) await this.#check(options);
    this.#isChecked = true;
    counter.skipped();
    await this.#fetchMissing(options);
    return this.#complete();
  }

  /** Throw away what has been fetched. */
  async abort(): Promise<void> {
    const { sink, options } = this.#context;
    await options.journal?.forget();
    await sink.discard();
  }

  async #check(options: Required<Abortable>): Promise<void> {
    const { reader, sink, counter, options: given } = this.#context;
    const { file } = reader;
    if (sink.size !== file.size)
      throw new TransferError("invalid", `Cannot fetch "${file.path}": its size is ${file.size}, not ${sink.size}`);
    counter.enter("checking");
    const left = await given.journal?.load();
    const note = decodeFetchNote(left, file);
    if (left !== undefined && note === undefined) given.onRestart?.();
    if (note !== undefined) this.#rangeSize = note.rangeSize;
    this.#plan = file.size === 0 ? [] : planOf(file.size, this.#rangeSize);
    const kept = note === undefined || sink.fresh ? [] : await this.#intact(note, options);
    counter.hold(undefined, this.#plan.length, kept);
  }

  /** What is noted and still there: whoever wrote to the disk meanwhile, or lost what it held, did not tell us. */
  async #intact(note: FetchNote, options: Required<Abortable>): Promise<readonly Receipt[]> {
    const { sink } = this.#context;
    const queue = note.ranges.values();
    const intact: Receipt[] = [];
    const work = async (): Promise<void> => {
      for (const [index, crc64] of queue) {
        const part = this.#plan[index];
        if (part === undefined) continue;
        const range = { start: part.offset, end: part.offset + part.size };
        const found = sink.crc64 === undefined ? crc64 : await sink.crc64(range, options);
        if (found === crc64) intact.push(this.#receipt(part, crc64));
      }
    };
    await Promise.all(Array.from({ length: checkedAtOnce }, work));
    return intact;
  }

  async #fetchMissing(options: Required<Abortable>): Promise<void> {
    const { reader, sink, counter, sleeper, options: given } = this.#context;
    const missing = this.#plan.filter((part) => !counter.receipts.has(part.number));
    if (missing.length === 0) return;
    counter.move();
    const { etag, size } = reader.file;
    const notes = new RangeNotes(
      {
        sink,
        journal: given.journal,
        count: this.#plan.length,
        head: { etag, size, rangeSize: this.#rangeSize },
        onDurable: (part, crc64) => counter.confirm(this.#receipt(part, crc64), undefined),
      },
      [...counter.receipts.values()].map(({ part, digest }) => [part.number - 1, digest?.crc64 ?? ""]),
    );
    await using _room = await notes.reserve();
    const { clock, bytesPerSecond = () => undefined } = given;
    const work = new FetchWork({ reader, sink, notes, counter, pass: pace({ clock, bytesPerSecond }) });
    const context = { work, options: given, counter, sleeper, maxInFlight: Number.POSITIVE_INFINITY };
    try {
      await new PartsRun(context, this.#rangeSize).move(missing, options);
    } finally {
      await work.settled();
      await notes.settled();
    }
    notes.mustGoWell();
  }

  async #complete(): Promise<Fetched> {
    const { reader, sink, counter, options } = this.#context;
    const { file } = reader;
    counter.enter("verifying");
    const parts = this.#plan.map(({ number, size }) => ({
      crc64: counter.receipts.get(number)?.digest?.crc64 ?? "",
      size,
    }));
    const crc64 = combineAllCrc64(parts);
    if (file.crc64 !== undefined && file.crc64 !== crc64) {
      const how = `its CRC-64 is ${crc64}, on the server ${file.crc64}`;
      this.#over = new TransferError("checksum-mismatch", `Cannot keep "${file.path}": ${how}`);
      await this.abort();
      throw this.#over;
    }
    await sink.complete();
    await options.journal?.forget();
    return { file, crc64, compared: file.crc64 !== undefined };
  }

  #receipt(part: Part, crc64: string): Receipt {
    return { part, etag: this.#context.reader.file.etag, digest: { crc64 } };
  }
}
