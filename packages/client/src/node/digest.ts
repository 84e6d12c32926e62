/** Digests of parts, computed by worker threads that read the file themselves. */

import { createHash } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
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

/** A hashing thread; it starts when there is much to hash, and does not keep the process alive. */
export interface Digester extends AsyncDisposable {
  /** Both digests of a part: of a file's region in the thread, of other or small bodies right here. */
  readonly digest: DigestPart;
  /** The CRC-64/NVME of a region of a file. */
  crc64(region: Pick<DigestTask, "file" | "start" | "size">, options?: Abortable): Promise<string>;
}

const smallSize = 256 * KiB;
/** So much is hashed sooner than a thread is there for it: its start takes 60 ms of a processor, these bytes 25. */
const mostHere = 16 * MiB;
/** Then the part that has its digest is on its way, and the next one's no longer keeps it. */
const wayToSocketMs = 8;
const script = import.meta.url.endsWith(".ts") ? "./digest-worker.ts" : "./digest-worker.js";

/** One thread is enough: it hashes many parts side by side, faster than networks carry. */
export function openDigester(): Digester {
  const thread = new DigestThread();
  let left = mostHere;
  let before: Promise<unknown> = Promise.resolve();
  /** One after another, so that the first can travel soonest. */
  const digestInTurn = (body: Body): Promise<PartDigest> => {
    left -= body.size;
    const digest = before.then(() => digestHere(body));
    before = digest.catch(() => undefined).then(() => setTimeout(wayToSocketMs));
    return digest;
  };
  return {
    digest: (body, { signal } = {}) => {
      if (!isFileBody(body) || body.size <= smallSize) return digestHere(body);
      if (body.size <= left) return digestInTurn(body);
      return thread.run({ file: body.file, start: body.start, size: body.size, md5: true }, signal);
    },
    crc64: async (region, { signal } = {}) => (await thread.run({ ...region, md5: false }, signal)).crc64,
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
  readonly file: string;
  readonly resolve: (digest: PartDigest) => void;
  readonly reject: (error: unknown) => void;
}

class DigestThread {
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;

  async run(task: Omit<DigestTask, "id">, signal: AbortSignal | undefined): Promise<PartDigest> {
    signal?.throwIfAborted();
    // What is to be asked of the server goes out first: the thread starts while the answer is on its way.
    if (this.#worker === undefined) await setImmediate();
    signal?.throwIfAborted();
    if (this.#isClosed) throw hashFailure(task.file, "nobody waits for it any more");
    this.#lastId += 1;
    const id = this.#lastId;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const answered = new Promise<PartDigest>((resolve, reject) => {
      this.#pending.set(id, { file: task.file, resolve, reject });
      worker.ref();
      worker.postMessage({ ...task, id } satisfies DigestTask);
    });
    return orAborted(answered, { signal });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    // An answer that still comes would let the process end before the thread has.
    worker?.removeAllListeners("message");
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL(script, import.meta.url));
    worker.on("message", (answer: DigestAnswer) => this.#settle(answer));
    worker.on("error", (cause) => {
      const lost = [...this.#pending.values()];
      this.#pending.clear();
      this.#worker = undefined;
      for (const { reject } of lost) reject(hashFailure("file", String(cause)));
    });
    worker.unref();
    return worker;
  }

  #settle(answer: DigestAnswer): void {
    const waiting = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker?.unref();
    if (!waiting) return;
    if ("failure" in answer) waiting.reject(hashFailure(waiting.file, answer.failure));
    else waiting.resolve({ md5: answer.md5, crc64: answer.crc64 });
  }
}

function hashFailure(file: string, why: string): TransferError {
  return new TransferError("file-changed", `Cannot hash "${file}": ${why}`);
}
