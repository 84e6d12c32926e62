/** Digests taken by a worker, so that neither the page nor the engine waits for them. */

import type { Abortable, Body, PartDigest } from "@naru/core";
import { TransferError } from "@naru/core";
import type { Hashed, HashReply, HashRequest, ToHash } from "./hash-worker.ts";
import { unreadable } from "./read-slices.ts";

interface Job {
  readonly resolve: (hashed: readonly Hashed[]) => void;
  readonly reject: (error: unknown) => void;
}

/** The hash worker; after a failure it starts when it is needed again. One is enough: it hashes faster than networks carry. */
export class Hasher {
  readonly #jobs = new Map<number, Job>();
  /** A worker takes a while to start: before the first file is chosen. */
  #worker: Worker | undefined = this.#start();
  #lastId = 0;

  /** Take the digests of one part. */
  async digest(body: Body, options: Abortable = {}): Promise<PartDigest> {
    if (!(body instanceof Blob)) throw new TransferError("internal", "Cannot hash a part: it is not a Blob");
    const [digest] = await this.#ask({ blobs: [body] }, [], options);
    if (!digest) throw new TransferError("internal", "Cannot hash a part: the worker left it out");
    return digest;
  }

  /** Read many small files in one go, and take their digests; in order. @throws {TransferError} when one cannot be read */
  async readAll(blobs: readonly Blob[], options: Abortable = {}): Promise<readonly Hashed[]> {
    // To read a Blob costs the browser much the same for one file and for two hundred; to post the bytes costs nothing.
    const bytes = await new Blob([...blobs]).arrayBuffer().catch((cause: unknown) => {
      throw unreadable(cause);
    });
    const sizes = blobs.map(({ size }) => size);
    return this.#ask({ bytes, sizes }, [bytes], options);
  }

  #ask(what: ToHash, transfer: Transferable[], { signal }: Abortable): Promise<readonly Hashed[]> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.#lastId += 1;
      const id = this.#lastId;
      const abandon = (): void => {
        this.#jobs.delete(id);
        reject(signal?.reason);
      };
      const settled = (): void => signal?.removeEventListener("abort", abandon);
      signal?.addEventListener("abort", abandon, { once: true });
      this.#jobs.set(id, {
        resolve: (hashed) => {
          settled();
          resolve(hashed);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id, ...what } satisfies HashRequest, transfer);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL("./hash-worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<HashReply>) => {
      const job = this.#jobs.get(data.id);
      this.#jobs.delete(data.id);
      if ("hashed" in data) job?.resolve(data.hashed);
      else job?.reject(unreadable(new Error(data.unreadable)));
    };
    worker.onerror = ({ message }) => {
      worker.terminate();
      this.#worker = undefined;
      const failure = new TransferError("internal", `Cannot hash a part: the worker says "${message}"`);
      const jobs = [...this.#jobs.values()];
      this.#jobs.clear();
      for (const { reject } of jobs) reject(failure);
    };
    return worker;
  }
}
