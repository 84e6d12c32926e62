import type { Abortable, Files, StoredFile } from "@naru/core";
import type { Entry, Reading } from "./gateway-session.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A stored file that is read by offsets: as long as they follow each other, all share one request. */
export class FileReading implements Reading {
  readonly entry: Entry;
  readonly #files: Pick<Files, "read">;
  readonly #file: StoredFile;
  #running: { readonly chunks: AsyncIterator<Bytes>; at: number; rest: Bytes } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: Pick<Files, "read">, file: StoredFile, entry: Entry) {
    this.#files = files;
    this.#file = file;
    this.entry = entry;
  }

  read(offset: number, length: number, options: Abortable = {}): Promise<Uint8Array> {
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

  async #read(offset: number, length: number, options: Abortable): Promise<Uint8Array> {
    const size = Math.max(0, Math.min(length, this.#file.size - offset));
    const result = new Uint8Array(size);
    if (size === 0) return result;
    if (this.#running?.at !== offset) {
      await this.close();
      const chunks = (await this.#open(offset, options))[Symbol.asyncIterator]();
      this.#running = { chunks, at: offset, rest: new Uint8Array(0) };
    }
    const running = this.#running;
    let filled = 0;
    while (filled < size) {
      if (running.rest.length === 0) {
        const next = await running.chunks.next().catch(async (error: unknown) => {
          await this.close();
          throw error;
        });
        if (next.done) break;
        running.rest = next.value;
      }
      const piece = running.rest.subarray(0, size - filled);
      result.set(piece, filled);
      filled += piece.length;
      running.rest = running.rest.subarray(piece.length);
    }
    running.at = offset + filled;
    return result.subarray(0, filled);
  }

  #open(offset: number, { signal }: Abortable): Promise<ReadableStream<Bytes>> {
    const { path, size, etag } = this.#file;
    return this.#files.read(path, { range: { start: offset, end: size }, etag, signal });
  }
}
