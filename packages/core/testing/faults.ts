/**
 * A store that fails on cue, around one that does not.
 *
 * @module
 */

import { orAborted } from "../src/abortable.ts";
import type { FailureCode } from "../src/errors.ts";
import { TransferError } from "../src/errors.ts";
import type {
  Abortable,
  Body,
  Part,
  PartToSign,
  PutOptions,
  Receipt,
  Store,
  Upload,
  UploadSpec,
} from "../src/store.ts";

/** What goes wrong with one call. */
export type Fault =
  | { readonly fail: FailureCode; readonly retryAfterMs?: number | undefined }
  /** Nothing moves until the promise resolves or the signal aborts; then the call goes on. */
  | { readonly stall: Promise<void> }
  /** The body that reaches the store ends this many bytes early. */
  | { readonly short: number };

/** One call, as a schedule sees it; `count` is how many of its kind came before it, plus one. */
export interface Call {
  readonly kind: "create" | "resume" | "receipts" | "put" | "complete" | "abort";
  readonly count: number;
  readonly part?: Part | undefined;
}

/** Tells what goes wrong with a call. */
export type Schedule = (call: Call) => Fault | undefined;

/** Let a store fail on cue. */
export function faults(store: Store, schedule: Schedule): Store {
  const cue = new Cue(schedule);
  return {
    direct: store.direct,
    limitsFor: (path) => store.limitsFor(path),
    async create(spec: UploadSpec, options: Abortable = {}): Promise<Upload> {
      await cue.pass("create", options);
      return new FaultyUpload(await store.create(spec, options), cue);
    },
    async resume(id: string, options: Abortable = {}): Promise<Upload> {
      await cue.pass("resume", options);
      return new FaultyUpload(await store.resume(id, options), cue);
    },
  };
}

class Cue {
  readonly #schedule: Schedule;
  readonly #counts = new Map<string, number>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Fail or stall if it is time to; tell how many bytes the body shall lack. */
  async pass(kind: Call["kind"], { signal }: Abortable, part?: Part): Promise<number> {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const fault = this.#schedule({ kind, count, part });
    if (fault === undefined) return 0;
    if ("short" in fault) return fault.short;
    if ("stall" in fault) {
      await orAborted(fault.stall, { signal });
      return 0;
    }
    const { fail, retryAfterMs } = fault;
    throw new TransferError(fail, `Cannot ${kind} "${part?.number ?? ""}": it is time to fail`, { retryAfterMs });
  }
}

class FaultyUpload implements Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  readonly #inner: Upload;
  readonly #cue: Cue;

  constructor(inner: Upload, cue: Cue) {
    this.id = inner.id;
    this.spec = inner.spec;
    this.#inner = inner;
    this.#cue = cue;
  }

  async receipts(options: Abortable = {}): Promise<readonly Receipt[]> {
    await this.#cue.pass("receipts", options);
    return this.#inner.receipts(options);
  }

  async put(part: Part, body: Body, options: PutOptions = {}): Promise<Receipt> {
    const short = await this.#cue.pass("put", options, part);
    return this.#inner.put(part, short > 0 ? cutBody(body, body.size - short) : body, options);
  }

  prepare(part: PartToSign): void {
    this.#inner.prepare?.(part);
  }

  async complete(...args: Parameters<Upload["complete"]>): ReturnType<Upload["complete"]> {
    await this.#cue.pass("complete", args[0] ?? {});
    return this.#inner.complete(...args);
  }

  async abort(options: Abortable = {}): Promise<void> {
    await this.#cue.pass("abort", options);
    return this.#inner.abort(options);
  }
}

function cutBody(body: Body, length: number): Body {
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> => {
    let left = length;
    return body.stream().pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          if (left > 0) controller.enqueue(chunk.slice(0, left));
          left -= chunk.length;
        },
      }),
    );
  };
  return { size: body.size, stream };
}
