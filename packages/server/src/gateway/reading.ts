import type { Abortable, Files, StoredFile } from "@naru/core";
import type { Entry, Reading } from "./gateway-session.ts";

type Bytes = Uint8Array<ArrayBuffer>;

interface Running {
  readonly chunks: AsyncIterator<Bytes>;
  /** Up to here it was read. */
  at: number;
  /** What is left of the last chunk. */
  rest: Bytes;
}

/** A stored file that is read by offsets: as long as they follow each other, all share one request. */
export class FileReading implements Reading {
  readonly entry: Entry;
  readonly #files: Pick<Files, "read">;
  readonly #file: StoredFile;
  #running: Running | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: Pick<Files, "read">, file: StoredFile, entry: Entry) {
    this.#files = files;
    this.#file = file;
    this.entry = entry;
  }

  read(offset: number, length: number, options: Abortable = {}): Promise<readonly Bytes[]> {
    const mine = this.#turn.then(() => this.#read(offset, length, options));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async *stream(offset: number, options: Abortable = {}): AsyncGenerator<Uint8Array> {
    if (offset >= this.#file.size) return;
    yield* await this.#open(offset, options);
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.chunks.return?.();
  }

  async #read(offset: number, length: number, options: Abortable): Promise<readonly Bytes[]> {
    let left = Math.max(0, Math.min(length, this.#file.size - offset));
    const pieces: Bytes[] = [];
    if (left === 0) return pieces;
    const running = await this.#runningAt(offset, options);
    while (left > 0) {
      if (running.rest.length === 0) {
        const next = await this.#next(running);
        if (next === undefined) break;
        running.rest = next;
      }
      const piece = running.rest.subarray(0, left);
      if (piece.length > 0) pieces.push(piece);
      running.rest = running.rest.subarray(piece.length);
      running.at += piece.length;
      left -= piece.length;
    }
    return pieces;
  }

  async #runningAt(offset: number, options: Abortable): Promise<Running> {
    if (this.#running?.at === offset) return this.#running;
    await this.close();
    const chunks = (await this.#open(offset, options))[Symbol.asyncIterator]();
    this.#running = { chunks, at: offset, rest: new Uint8Array(0) };
    return this.#running;
  }

  async #next({ chunks }: Running): Promise<Bytes | undefined> {
    try {
      const next = await chunks.next();
      return next.done ? undefined : next.value;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  #open(offset: number, { signal }: Abortable): Promise<ReadableStream<Bytes>> {
    const { path, size, etag } = this.#file;
    return this.#files.read(path, { range: { start: offset, end: size }, etag, signal });
  }
}
