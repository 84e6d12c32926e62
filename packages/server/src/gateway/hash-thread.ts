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
  /** The file whose SHA-256 it belongs to, if that is wanted. */
  readonly file?: number | undefined;
}

export type HashTask =
  | (PartInMemory & { readonly ask: "part"; readonly id: number })
  | { readonly ask: "sha256"; readonly id: number; readonly file: number; readonly size: number }
  | { readonly ask: "forget"; readonly file: number };

export type HashAnswer =
  | { readonly id: number; readonly digest: PartDigest | undefined }
  | { readonly id: number; readonly taken: true }
  | { readonly id: number; readonly sha256: string | undefined };

/** Promises that never reject: a thread that dies knows no digests, and what is sent is sent without. */
export interface HashedPart {
  readonly digest: Promise<PartDigest | undefined>;
  /** The blocks are not looked at any more. */
  readonly taken: Promise<void>;
}

interface Pending {
  digest?: (digest: PartDigest | undefined) => void;
  taken?: () => void;
  sha256?: (digest: string | undefined) => void;
}

const script = import.meta.url.endsWith(".ts") ? "./hash-worker.ts" : "./hash-worker.js";

/** The thread of one gateway. It starts with the first file, and again if it dies; idle, it keeps no process alive. */
export class HashThread {
  #worker: Worker | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #lastFile = 0;

  /** A number for a file whose parts will be handed over in order, from its first byte on. */
  newFile(): number {
    this.#lastFile += 1;
    // A thread takes a while to start: before the first part is full.
    this.#running();
    return this.#lastFile;
  }

  /** Take the digests of a part, and go on with its file's. */
  part({ blocks, size, offset, file }: PartInMemory): HashedPart {
    const pending: Pending = {};
    const digest = new Promise<PartDigest | undefined>((resolve) => {
      pending.digest = resolve;
    });
    const taken = new Promise<void>((resolve) => {
      pending.taken = resolve;
    });
    this.#ask(pending, (id) => ({ ask: "part", id, blocks, size, offset, file }));
    return { digest, taken };
  }

  /** The SHA-256 of the first `size` bytes of a file; `undefined` if it has not come to exactly there. */
  sha256(file: number, size: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#ask({ sha256: resolve }, (id) => ({ ask: "sha256", id, file, size }));
    });
  }

  forget(file: number): void {
    this.#worker?.postMessage({ ask: "forget", file } satisfies HashTask);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#lost(worker);
    await worker?.terminate();
  }

  #ask(pending: Pending, task: (id: number) => HashTask): void {
    this.#lastId += 1;
    const worker = this.#running();
    this.#pending.set(this.#lastId, pending);
    worker.ref();
    worker.postMessage(task(this.#lastId));
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

  #settle(answer: HashAnswer): void {
    const pending = this.#pending.get(answer.id);
    if ("digest" in answer) {
      pending?.digest?.(answer.digest);
      return;
    }
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#worker?.unref();
    if ("taken" in answer) pending?.taken?.();
    else pending?.sha256?.(answer.sha256);
  }

  #lost(worker: Worker | undefined): void {
    if (worker === undefined || this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { digest, taken, sha256 } of this.#pending.values()) {
      digest?.(undefined);
      taken?.();
      sha256?.(undefined);
    }
    this.#pending.clear();
  }
}
