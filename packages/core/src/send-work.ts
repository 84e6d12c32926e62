/**
 * Sending a part: its digest first, then its bytes, then its receipt.
 *
 * @module
 */

import type { HashAhead } from "./hash-ahead.ts";
import type { MovePartOptions, PartWork } from "./part-work.ts";
import type { ProgressCounter } from "./progress-counter.ts";
import type { Abortable, Part, Source, Upload } from "./store.ts";

export interface SendWorkContext {
  readonly source: Source;
  readonly upload: Upload;
  readonly hashes: HashAhead;
  readonly counter: ProgressCounter<"uploading">;
}

/** What a transfer does with its parts. */
export class SendWork implements PartWork {
  readonly #context: SendWorkContext;
  readonly #prepared = new Set<Part>();

  constructor(context: SendWorkContext) {
    this.#context = context;
  }

  get arrived(): number {
    return this.#context.counter.receipts.size;
  }

  get mayOverlap(): boolean {
    return this.#context.upload.mayOverlap === true;
  }

  async ready(part: Part, options: Abortable): Promise<void> {
    await this.#context.hashes.of(part, options);
  }

  async move(part: Part, options: MovePartOptions): Promise<() => void> {
    const { source, upload, hashes, counter } = this.#context;
    const digest = await hashes.of(part, options);
    const body = source.slice(part.offset, part.offset + part.size);
    const receipt = await upload.put(part, body, { ...options, digest });
    return () => counter.confirm({ ...receipt, part }, digest);
  }

  ahead(coming: readonly Part[], room: number, { signal }: Required<Abortable>): void {
    const onKnown = (): void => this.#prepare(coming, room);
    this.#context.hashes.ahead(coming.slice(0, room + 2), { signal, onKnown });
    this.#prepare(coming, room);
  }

  damaged(part: Part): void {
    this.#context.hashes.forget(part);
  }

  /** Whoever comes next has its digest, so its signature need not wait until there is a place. */
  #prepare(coming: readonly Part[], room: number): void {
    const { upload, hashes } = this.#context;
    for (const part of coming.slice(0, room)) {
      const digest = hashes.known.get(part.number);
      if (digest === undefined || this.#prepared.has(part)) continue;
      this.#prepared.add(part);
      upload.prepare?.({ ...part, digest });
    }
  }
}
