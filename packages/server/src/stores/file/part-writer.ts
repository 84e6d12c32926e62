import type { FileHandle } from "node:fs/promises";
import { type Body, MiB, type Part, type PutOptions, readExactly, TransferError } from "@naru/core";
import { PartDigester, type TakenDigest } from "../part-digester.ts";

const batchSize = MiB;

/** Writes one part's bytes. Someone who writes the same part anew replaces it, and it stops at its next batch. */
export class PartWriter {
  readonly #file: FileHandle;
  readonly #position: number;
  readonly #what: string;
  #writing: Promise<unknown> = Promise.resolve();
  #replaced = false;

  /** @param what names the part in messages */
  constructor(file: FileHandle, position: number, what: string) {
    this.#file = file;
    this.#position = position;
    this.#what = what;
  }

  /** Stop writing; returns when nothing more will reach the file. */
  async replace(): Promise<void> {
    this.#replaced = true;
    await this.#writing.catch(() => {});
  }

  /** Write `body`, one batch in flight while the next is read and hashed; returns its digests. */
  async write(part: Part, body: Body, options: PutOptions): Promise<TakenDigest> {
    const digester = new PartDigester(options.digest, { md5: false });
    let position = this.#position;
    let written = 0;
    let batch: Uint8Array[] = [];
    let batched = 0;
    const flush = async () => {
      if (batched === 0) return;
      await this.#writing;
      this.#checkReplaced();
      written += batched;
      options.onProgress?.(written);
      const writing = writeAll(this.#file, batch, batched, position);
      // Awaited before the next batch; a rejection must not count as unhandled until then.
      writing.catch(() => {});
      this.#writing = writing;
      position += batched;
      batch = [];
      batched = 0;
    };
    for await (const chunk of readExactly(body, part.size, { signal: options.signal, what: this.#what })) {
      digester.update(chunk);
      batch.push(chunk);
      batched += chunk.byteLength;
      if (batched >= batchSize) await flush();
    }
    await flush();
    await this.#writing;
    this.#checkReplaced();
    return digester.finish(this.#what);
  }

  #checkReplaced(): void {
    if (this.#replaced) {
      throw new TransferError("superseded", `Cannot write ${this.#what}: it is being written again`);
    }
  }
}

async function writeAll(file: FileHandle, batch: Uint8Array[], size: number, position: number): Promise<void> {
  const { bytesWritten } = await file.writev(batch, position);
  if (bytesWritten === size) return;
  // A full disk or a signal may cut a write short; what is left goes in plain writes, which then tell why.
  let skip = bytesWritten;
  let at = position + bytesWritten;
  for (const chunk of batch) {
    const from = Math.min(skip, chunk.byteLength);
    skip -= from;
    for (let offset = from; offset < chunk.byteLength; ) {
      const written = await file.write(chunk, offset, chunk.byteLength - offset, at);
      offset += written.bytesWritten;
      at += written.bytesWritten;
    }
  }
}
