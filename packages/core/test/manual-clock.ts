import type { Abortable, Body, Clock, Source } from "../src/index.ts";

interface Sleeper {
  readonly due: number;
  end(): void;
}

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#now;
  }

  sleep(ms: number, { signal }: Abortable = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        due: this.#now + ms,
        end: () => {
          signal?.removeEventListener("abort", stop);
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      if (signal?.aborted) return stop();
      signal?.addEventListener("abort", stop, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Let time pass, waking sleepers in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > end) break;
      this.#now = Math.max(this.#now, next.due);
      next.end();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Let time pass until something is so; tell how long it took. */
  async until(isSo: () => boolean, mostMs = 600_000): Promise<number> {
    const from = this.#now;
    await settle();
    while (!isSo()) {
      if (this.#now - from > mostMs) throw new Error(`it was not so within ${mostMs} ms`);
      await this.advance(50);
    }
    return this.#now - from;
  }
}

/** Let everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A source and bodies over bytes, which read without real input or output. */
export function bytesSource(bytes: Uint8Array<ArrayBuffer>): Source {
  return { size: bytes.length, slice: (start, end) => bytesBody(bytes.slice(start, end)) };
}

function bytesBody(bytes: Uint8Array<ArrayBuffer>): Body {
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
    new ReadableStream({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes);
        controller.close();
      },
    });
  return { size: bytes.length, stream };
}
