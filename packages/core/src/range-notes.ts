/**
 * Makes ranges durable, then notes them: never the other way round, so that a journal promises nothing that the sink has
 * not kept.
 *
 * @module
 */

import type { FetchJournal, FetchNote } from "./fetch-journal.ts";
import type { Sink } from "./sink.ts";
import type { Part } from "./store.ts";

export interface RangeNotesContext {
  readonly sink: Sink;
  readonly journal: FetchJournal | undefined;
  readonly head: Omit<FetchNote, "ranges">;
  /** How many ranges the file has: once all are durable, there is nothing to resume, and nothing is noted. */
  readonly count: number;
  /** A range is durable, and noted. */
  readonly onDurable: (part: Part, crc64: string) => void;
}

/** What is durable of one sink. */
export class RangeNotes {
  readonly #context: RangeNotesContext;
  readonly #ranges: Map<number, string>;
  #landed: { readonly part: Part; readonly crc64: string }[] = [];
  #syncing: Promise<void> | undefined;
  #failure: { readonly reason: unknown } | undefined;

  constructor(context: RangeNotesContext, known: FetchNote["ranges"]) {
    this.#context = context;
    this.#ranges = new Map(known);
  }

  /** Keep room for the longest note: when data has filled the disk, what came whole is noted still. */
  async reserve(): Promise<AsyncDisposable | undefined> {
    const { journal, head, count } = this.#context;
    if (count < 2) return undefined;
    const ranges = Array.from({ length: count }, (_, index) => [index, "0".repeat(16)] as const);
    return journal?.reserve?.({ ...head, ranges });
  }

  /** A part has been written whole. Whatever lands while others are made durable waits for the next turn, together. */
  land(part: Part, crc64: string): void {
    this.#landed.push({ part, crc64 });
    this.#syncing ??= this.#syncAll()
      .catch((reason: unknown) => {
        this.#failure ??= { reason };
      })
      .finally(() => {
        this.#syncing = undefined;
      });
  }

  /** @throws what kept ranges from being made durable or noted: then no more of them need be fetched */
  mustGoWell(): void {
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  /** Wait until everything that has landed is durable and noted, or cannot be. */
  async settled(): Promise<void> {
    await this.#syncing;
  }

  async #syncAll(): Promise<void> {
    const { sink, journal, head, count, onDurable } = this.#context;
    while (this.#landed.length > 0) {
      const durable = this.#landed.splice(0);
      await sink.sync();
      for (const { part, crc64 } of durable) this.#ranges.set(part.number - 1, crc64);
      if (this.#ranges.size < count) await journal?.save({ ...head, ranges: [...this.#ranges] });
      for (const { part, crc64 } of durable) onDurable(part, crc64);
    }
  }
}
