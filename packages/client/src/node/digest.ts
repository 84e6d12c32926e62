/** Digests of parts, computed by worker threads that read the file themselves. */

import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import {
  type Abortable,
  type Body,
  Crc64,
  chunksOf,
  type DigestPart,
  KiB,
  MiB,
  orAborted,
  type PartDigest,
  TransferError,
} from "@naru/core";
import { isFileBody } from "./file-source.ts";
import type { SmallFiles, SmallTask } from "./small-files.ts";

/** A region of a file to hash, as it is sent to a hashing thread. Offset and size are bytes. */
export interface DigestTask {
  readonly id: number;
  readonly file: string;
  readonly start: number;
  readonly size: number;
  readonly md5: boolean;
}

/** What the thread answers: digests in hex, or why there are none. */
export type DigestAnswer =
  | { readonly id: number; readonly failure: string }
  | { readonly id: number; readonly md5: string; readonly crc64: string };

/** What a thread is asked for: the digests of a region, or small files whole. */
export type ThreadTask = DigestTask | (SmallTask & { readonly id: number });
export type ThreadAnswer = DigestAnswer | { readonly id: number; readonly small: SmallFiles };

/** A hashing thread; it starts at once and does not keep the process alive. */
export interface Digester extends AsyncDisposable {
  /** Both digests of a part: of a file's region in the thread, of other or small bodies right here. */
  readonly digest: DigestPart;
  /** The CRC-64/NVME of a region of a file. */
  crc64(region: Pick<DigestTask, "file" | "start" | "size">, options?: Abortable): Promise<string>;
  /** Read small files whole, in the thread, and take their digests. */
  readSmall(task: SmallTask, options?: Abortable): Promise<SmallFiles>;
}

const smallSize = 256 * KiB;
const mostHere = 16 * MiB;
const script = import.meta.url.endsWith(".ts") ? "./digest-worker.ts" : "./digest-worker.js";

/** One thread is enough: it hashes many parts side by side, faster than networks carry. */
export function openDigester(): Digester {
  const thread = new DigestThread();
  let isBusyHere = false;
  const digestFirst = async (body: Body): Promise<PartDigest> => {
    isBusyHere = true;
    try {
      return await digestHere(body);
    } finally {
      isBusyHere = false;
    }
  };
  return {
    digest: (body, { signal } = {}) => {
      if (!isFileBody(body) || body.size <= smallSize) return digestHere(body);
      // A thread takes a while to start. The first part need not wait for it, and can travel sooner.
      if (!thread.hasAnswered && !isBusyHere && body.size <= mostHere) return digestFirst(body);
      return thread.digest({ file: body.file, start: body.start, size: body.size, md5: true }, signal);
    },
    crc64: async (region, { signal } = {}) => (await thread.digest({ ...region, md5: false }, signal)).crc64,
    readSmall: (task, { signal } = {}) => thread.readSmall(task, signal),
    [Symbol.asyncDispose]: () => thread.close(),
  };
}

async function digestHere(body: Body): Promise<PartDigest> {
  const hash = createHash("md5");
  const crc = new Crc64();
  for await (const chunk of chunksOf(body, { reuse: true })) {
    hash.update(chunk);
    crc.update(chunk);
  }
  return { md5: hash.digest("hex"), crc64: crc.hex() };
}

interface Pending {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: unknown) => void;
}

class DigestThread {
  readonly #pending = new Map<number, Pending>();
  /** A thread takes a while to start: long before the first part is known. After a failure, when it is needed again. */
  #worker: Worker | undefined = this.#start();
  #lastId = 0;
  #hasAnswered = false;

  /** It has come to work. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  async digest(task: Omit<DigestTask, "id">, signal: AbortSignal | undefined): Promise<PartDigest> {
    const answer = await this.#run(task, signal);
    if ("md5" in answer) return { md5: answer.md5, crc64: answer.crc64 };
    throw hashFailure(task.file, "failure" in answer ? answer.failure : "the thread answered something else");
  }

  async readSmall(task: SmallTask, signal: AbortSignal | undefined): Promise<SmallFiles> {
    const answer = await this.#run(task, signal);
    if ("small" in answer) return answer.small;
    throw hashFailure("file", "failure" in answer ? answer.failure : "the thread answered something else");
  }

  #run(task: Omit<DigestTask, "id"> | SmallTask, signal: AbortSignal | undefined): Promise<ThreadAnswer> {
    signal?.throwIfAborted();
    this.#lastId += 1;
    const id = this.#lastId;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const answered = new Promise<ThreadAnswer>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ ...task, id } satisfies ThreadTask);
    });
    return orAborted(answered, { signal });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    // An answer that still comes would let the process end before the thread has.
    worker?.removeAllListeners("message");
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL(script, import.meta.url));
    worker.on("message", (answer: ThreadAnswer) => this.#settle(answer));
    worker.on("error", (cause) => {
      const lost = [...this.#pending.values()];
      this.#pending.clear();
      this.#worker = undefined;
      for (const { reject } of lost) reject(hashFailure("file", String(cause)));
    });
    worker.unref();
    return worker;
  }

  #settle(answer: ThreadAnswer): void {
    this.#hasAnswered = true;
    const waiting = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker?.unref();
    waiting?.resolve(answer);
  }
}

function hashFailure(file: string, why: string): TransferError {
  return new TransferError("file-changed", `Cannot hash "${file}": ${why}`);
}
