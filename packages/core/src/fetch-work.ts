/**
 * Fetching a range: its bytes go to the sink as they come. What has been written before a cut need not come again.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import { Crc64 } from "./crc64.ts";
import { TransferError } from "./errors.ts";
import type { MovePartOptions, PartWork } from "./part-work.ts";
import type { ProgressCounter } from "./progress-counter.ts";
import type { RangeNotes } from "./range-notes.ts";
import type { RangeReader } from "./range-reader.ts";
import type { Sink } from "./sink.ts";
import type { Abortable, Part } from "./store.ts";
import { KiB, MiB } from "./units.ts";

/** So many bytes are written at once. */
const batchBytes = MiB;
/** At a low speed a large chunk would take so long that nothing seemed to move. */
const mostPassed = 64 * KiB;

export interface FetchWorkContext {
  readonly reader: RangeReader;
  readonly sink: Sink;
  readonly notes: RangeNotes;
  readonly counter: ProgressCounter<"downloading">;
  readonly pass: (bytes: number, options: Abortable) => Promise<void>;
}

/** How far a range is written, and the CRC-64 of that. */
interface Written {
  bytes: number;
  readonly crc: Crc64;
}

/** What a fetch does with its ranges. */
export class FetchWork implements PartWork {
  readonly #context: FetchWorkContext;
  readonly #written = new Map<Part, Written>();
  /** The last try of each part, until it has ended. */
  readonly #tries = new Map<Part, Promise<unknown>>();
  #arrived = 0;

  constructor(context: FetchWorkContext) {
    this.#context = context;
  }

  get arrived(): number {
    return this.#arrived;
  }

  begun(part: Part): number {
    return this.#written.get(part)?.bytes ?? 0;
  }

  /** A try that was given up still writes what it has; the next one begins after that. */
  async ready(part: Part, options: Abortable): Promise<void> {
    const last = this.#tries.get(part);
    if (last !== undefined) await orAborted(Promise.allSettled([last]), options);
  }

  async move(part: Part, options: MovePartOptions): Promise<() => void> {
    const trying = this.#fetch(part, options);
    this.#tries.set(part, trying);
    const leave = (): void => void this.#tries.delete(part);
    trying.then(leave, leave);
    return trying;
  }

  /** Wait until nobody writes any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#tries.values());
  }

  async #fetch(part: Part, { signal, onProgress }: MovePartOptions): Promise<() => void> {
    const { notes, counter } = this.#context;
    notes.mustGoWell();
    const written = this.#written.get(part) ?? { bytes: 0, crc: new Crc64() };
    this.#written.set(part, written);
    if (written.bytes < part.size) await this.#read(part, written, { signal, onProgress });
    return () => {
      this.#written.delete(part);
      counter.landed(part);
      notes.land(part, written.crc.hex());
    };
  }

  async #read(
    part: Part,
    written: Written,
    { signal, onProgress }: Pick<MovePartOptions, "signal" | "onProgress">,
  ): Promise<void> {
    const { reader, sink, pass } = this.#context;
    const range = { start: part.offset + written.bytes, end: part.offset + part.size };
    const batch: Uint8Array[] = [];
    let held = 0;
    const write = async (): Promise<void> => {
      const chunks = batch.splice(0);
      if (chunks.length === 0) return;
      await sink.write(part.offset + written.bytes, chunks);
      for (const chunk of chunks) {
        written.crc.update(chunk);
        reader.giveBack?.(chunk);
      }
      written.bytes += held;
      this.#arrived += held;
      held = 0;
    };
    try {
      for await (const chunk of untilAborted(await reader.read(range, { signal }), { signal })) {
        if (written.bytes + held + chunk.length > part.size) throw wrongLength(reader, range, "long-body");
        for (let passed = 0; passed < chunk.length; ) {
          const bytes = Math.min(mostPassed, chunk.length - passed);
          await pass(bytes, { signal });
          passed += bytes;
          onProgress(written.bytes + held + passed);
        }
        batch.push(chunk);
        held += chunk.length;
        if (held >= batchBytes) await write();
      }
    } finally {
      // What has come before a cut is kept.
      await write();
    }
    if (written.bytes < part.size) throw wrongLength(reader, range, "short-body");
  }
}

/** Chunks until the signal aborts, whatever their reader makes of it. */
async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  options: Abortable,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await orAborted(iterator.next(), options);
      ended = done === true;
      if (ended) return;
      yield value;
    }
  } finally {
    // Not awaited: one that hangs answers neither.
    if (!ended) void iterator.return?.().catch(() => undefined);
  }
}

function wrongLength(
  { file }: RangeReader,
  { start, end }: { readonly start: number; readonly end: number },
  code: "short-body" | "long-body",
): TransferError {
  const how = code === "short-body" ? "few" : "many";
  return new TransferError(code, `Cannot read ${start}-${end} of "${file.path}": there came too ${how} bytes`);
}
