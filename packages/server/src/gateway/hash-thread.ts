/**
 * A thread that takes the digests of what arrives, so that the one that reads and sends has no part in it. It looks at
 * the same memory as we do: blocks must stay as they are until it says that it has taken them.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import type { PartDigest } from "@naru/core";
import type { Block } from "./memory.ts";

/** A part of a file in memory: its blocks are full, but for the last. */
export interface PartInMemory {
  readonly blocks: readonly Block[];
  readonly size: number;
  /** Where in the file it begins. */
  readonly offset: number;
}

export interface HashTask extends PartInMemory {
  readonly id: number;
}

export interface HashAnswer {
  readonly id: number;
  readonly digest: PartDigest;
}

/** Never rejects: a thread that dies knows no digest, and what is sent is sent without. From then on the blocks are not looked at. */
export type HashedPart = Promise<PartDigest | undefined>;

const script = import.meta.url.endsWith(".ts") ? "./hash-worker.ts" : "./hash-worker.js";

/** The thread of one gateway. It starts with the first file, and again if it dies; idle, it keeps no process alive. */
export class HashThread {
  #worker: Worker | undefined;
  readonly #pending = new Map<number, (digest: PartDigest | undefined) => void>();
  #lastId = 0;

  /** Parts will come: a thread takes a while to start, and can before the first is full. */
  prepare(): void {
    this.#running();
  }

  /** Take the digests of a part. */
  part(part: PartInMemory): HashedPart {
    return new Promise((resolve) => {
      this.#lastId += 1;
      const worker = this.#running();
      this.#pending.set(this.#lastId, resolve);
      worker.ref();
      worker.postMessage({ ...part, id: this.#lastId } satisfies HashTask);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#lost(worker);
    await worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL(script, import.meta.url));
    worker.on("message", (answer: HashAnswer) => this.#settle(answer));
    // Its end follows, and says as much.
    worker.on("error", () => undefined);
    worker.on("exit", () => this.#lost(worker));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle({ id, digest }: HashAnswer): void {
    const resolve = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#worker?.unref();
    resolve?.(digest);
  }

  #lost(worker: Worker | undefined): void {
    if (worker === undefined || this.#worker !== worker) return;
    this.#worker = undefined;
    for (const resolve of this.#pending.values()) resolve(undefined);
    this.#pending.clear();
  }
}
