import { type Body, type Files, isTransferError, type Store, type StoredFile, TransferError } from "@naru/core";
import { tailPath } from "./tail-path.ts";

type SmallStore = Store & Pick<Files, "remove">;

/** How long a store that refused a file is asked beforehand. */
const rememberedMs = 10 * 60_000;
/** A file is asked for again when it has grown by this much. */
const growth = 1.25;
const zeros = new Uint8Array(64 * 1024);

/**
 * Remembers that the store refused a small file, which it is only given when its client closes it. Some clients do not
 * look at the answer to that (curl, pscp, PHP, sshfs); so while the store is like that, it is asked at the writes.
 */
export class StoreRefusals {
  readonly #store: SmallStore;
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;

  constructor(store: SmallStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Give the store a file, and remember if it refuses for want of room or leave. */
  async watch(put: () => Promise<StoredFile>): Promise<StoredFile> {
    try {
      return await put();
    } catch (error) {
      if (isRefusal(error)) this.#last = this.#now();
      throw error;
    }
  }

  /**
   * Ask, if it refused lately, whether the store takes a file of `size` bytes, unless it was asked for nearly as many.
   *
   * @param asked how many bytes it was asked for before
   * @returns how many it takes
   * @throws {TransferError} why it refuses
   */
  async ask(path: string, size: number, asked: number): Promise<number> {
    const { putFile, remove } = this.#store;
    if (putFile === undefined || this.#now() - this.#last > rememberedMs || size < asked * growth) return asked;
    const probe = tailPath("room");
    try {
      await this.watch(() => putFile.call(this.#store, { path: probe, size }, zerosOf(size)));
      // Who may write and not remove may write.
      await remove.call(this.#store, probe).catch(() => undefined);
    } catch (error) {
      // Whatever else is wrong is met when the file is closed, and may have passed by then.
      if (!isRefusal(error)) return asked;
      throw new TransferError(error.code, `Cannot write "${path}": the store refuses ${size} bytes`, { cause: error });
    }
    return size;
  }
}

function isRefusal(error: unknown): error is TransferError {
  return isTransferError(error) && (error.code === "no-space" || error.code === "forbidden");
}

function zerosOf(size: number): Body {
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> => {
    let left = size;
    return new ReadableStream({
      pull(controller) {
        const chunk = zeros.slice(0, left);
        left -= chunk.length;
        if (chunk.length > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
  };
  return { size, stream };
}
