/** Digests taken by a few workers, so that neither the page nor the engine waits for them. */

import type { Abortable, Body, PartDigest } from "@naru/core";
import { TransferError } from "@naru/core";
import type { HashReply, HashRequest } from "./hash-worker.ts";
import { unreadable } from "./read-slices.ts";

interface Job {
  readonly blobs: readonly Blob[];
  readonly resolve: (digests: readonly PartDigest[]) => void;
  readonly reject: (error: unknown) => void;
}

const maxWorkers = 4;

/** A pool of hash workers; they start when they are first needed. */
export class HashPool {
  readonly #size = Math.max(1, Math.min(maxWorkers, navigator.hardwareConcurrency - 1));
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Job>();
  #waiting: Job[] = [];

  /** Take the digests of one part. */
  async digest(body: Body, options: Abortable = {}): Promise<PartDigest> {
    if (!(body instanceof Blob)) throw new TransferError("internal", "Cannot hash a part: it is not a Blob");
    const [digest] = await this.digestAll([body], options);
    if (!digest) throw new TransferError("internal", "Cannot hash a part: the worker left it out");
    return digest;
  }

  /** Take the digests of many small files in one go, in order. */
  digestAll(blobs: readonly Blob[], { signal }: Abortable = {}): Promise<readonly PartDigest[]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const job: Job = { blobs, resolve, reject };
      const drop = (): void => {
        this.#waiting = this.#waiting.filter((one) => one !== job);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", drop, { once: true });
      this.#waiting.push(job);
      this.#next();
    });
  }

  #next(): void {
    const worker = this.#idle.pop() ?? (this.#running.size < this.#size ? this.#start() : undefined);
    if (!worker) return;
    const job = this.#waiting.shift();
    if (!job) {
      this.#idle.push(worker);
      return;
    }
    this.#running.set(worker, job);
    const request: HashRequest = { id: 0, blobs: job.blobs };
    worker.postMessage(request);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./hash-worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<HashReply>) => {
      const job = this.#running.get(worker);
      this.#running.delete(worker);
      this.#idle.push(worker);
      if ("digests" in data) job?.resolve(data.digests);
      else job?.reject(unreadable(new Error(data.unreadable)));
      this.#next();
    };
    worker.onerror = ({ message }) => {
      const job = this.#running.get(worker);
      this.#running.delete(worker);
      worker.terminate();
      job?.reject(new TransferError("internal", `Cannot hash a part: the worker says "${message}"`));
      this.#next();
    };
    return worker;
  }
}
