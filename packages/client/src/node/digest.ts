/** Digests of parts, computed by worker threads that read the file themselves. */

import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { type Abortable, type Body, Crc64, type DigestPart, KiB, type PartDigest, TransferError } from "@naru/core";
import { isFileBody } from "./file-source.ts";

export interface DigestTask {
  readonly id: number;
  readonly file: string;
  readonly start: number;
  readonly size: number;
  readonly md5: boolean;
}

export type DigestAnswer =
  | { readonly id: number; readonly failure: string }
  | { readonly id: number; readonly md5: string; readonly crc64: string };

/** A pool of hashing threads; the first starts at once; they do not keep the process alive. */
export interface Digester extends AsyncDisposable {
  /** Both digests of a part: of a file's region in a worker, of other or small bodies right here. */
  readonly digest: DigestPart;
  /** The CRC-64/NVME of a region of a file. */
  crc64(region: Pick<DigestTask, "file" | "start" | "size">, options?: Abortable): Promise<string>;
}

const smallSize = 256 * KiB;
const script = import.meta.url.endsWith(".ts") ? "./digest-worker.ts" : "./digest-worker.js";

export function openDigester({ workers = 1 }: { readonly workers?: number } = {}): Digester {
  const pool = new Pool(workers);
  // A thread takes a while to start: long before the first part is known.
  pool.warm();
  return {
    digest: (body, { signal } = {}) =>
      isFileBody(body) && body.size > smallSize
        ? pool.run({ file: body.file, start: body.start, size: body.size, md5: true }, signal)
        : digestHere(body),
    crc64: async (region, { signal } = {}) => (await pool.run({ ...region, md5: false }, signal)).crc64,
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

async function digestHere(body: Body): Promise<PartDigest> {
  const hash = createHash("md5");
  const crc = new Crc64();
  for await (const chunk of body.stream()) {
    hash.update(chunk);
    crc.update(chunk);
  }
  return { md5: hash.digest("hex"), crc64: crc.hex() };
}

interface Pending {
  readonly file: string;
  readonly resolve: (digest: PartDigest) => void;
  readonly reject: (error: unknown) => void;
}

interface Seat {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

class Pool {
  readonly #size: number;
  readonly #seats: Seat[] = [];
  #lastId = 0;

  constructor(size: number) {
    this.#size = size;
  }

  run(task: Omit<DigestTask, "id">, signal: AbortSignal | undefined): Promise<PartDigest> {
    signal?.throwIfAborted();
    const seat = this.#freestSeat();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      seat.pending.set(id, { file: task.file, resolve, reject });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      seat.worker.ref();
      seat.worker.postMessage({ ...task, id } satisfies DigestTask);
    });
  }

  /** Start the first thread. */
  warm(): void {
    if (this.#seats.length === 0) this.#newSeat().worker.unref();
  }

  async close(): Promise<void> {
    await Promise.all(this.#seats.splice(0).map(({ worker }) => worker.terminate()));
  }

  #freestSeat(): Seat {
    const freest = this.#seats.toSorted((a, b) => a.pending.size - b.pending.size)[0];
    if (freest && (freest.pending.size === 0 || this.#seats.length >= this.#size)) return freest;
    return this.#newSeat();
  }

  #newSeat(): Seat {
    const seat: Seat = { worker: new Worker(new URL(script, import.meta.url)), pending: new Map() };
    seat.worker.on("message", (answer: DigestAnswer) => settle(seat, answer));
    seat.worker.on("error", (cause) => {
      this.#seats.splice(this.#seats.indexOf(seat), 1);
      for (const { reject } of seat.pending.values()) reject(hashFailure("file", String(cause)));
    });
    this.#seats.push(seat);
    return seat;
  }
}

function settle({ worker, pending }: Seat, answer: DigestAnswer): void {
  const waiting = pending.get(answer.id);
  pending.delete(answer.id);
  if (pending.size === 0) worker.unref();
  if (!waiting) return;
  if ("failure" in answer) waiting.reject(hashFailure(waiting.file, answer.failure));
  else waiting.resolve({ md5: answer.md5, crc64: answer.crc64 });
}

function hashFailure(file: string, why: string): TransferError {
  return new TransferError("file-changed", `Cannot hash "${file}": ${why}`);
}
