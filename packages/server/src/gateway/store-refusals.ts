import { type Body, type Files, isTransferError, type Store, type StoredFile, TransferError } from "@naru/core";
import { tailPath } from "./tail-path.ts";

type SmallStore = Store & Pick<Files, "remove">;

/** How long a store that refused a file is asked beforehand. */
const rememberedMs = 10 * 60_000;
/** A file is asked for again when it has grown by this much. */
const growth = 1.25;
const zeros = new Uint8Array(64 * 1024);

/**
 * Finds out at the writes whether the store will refuse a small file, which it is only given when its client closes it: some
 * clients do not look at the answer to that (curl, pscp, PHP, sshfs). A disk says how much room it has; what says nothing is
 * asked while it remembers having been refused.
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
   * Ask whether the store takes a file of `size` bytes, unless it was asked for nearly as many: a disk at any time, another
   * store if it refused lately.
   *
   * @param asked how many bytes it was asked for before
   * @returns how many it takes
   * @throws {TransferError} why it refuses
   */
  async ask(path: string, size: number, asked: number): Promise<number> {
    if (size < asked * growth) return asked;
    if (this.#store.space !== undefined) return this.#look(path, size, asked);
    const { putFile, remove } = this.#store;
    if (putFile === undefined || this.#now() - this.#last > rememberedMs) return asked;
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

  async #look(path: string, size: number, asked: number): Promise<number> {
    // A disk that cannot be looked at says what is wrong with it when it is given the file.
    const space = await this.#store.space?.({ path }).catch(() => undefined);
    if (space === undefined) return asked;
    if (size <= space.free) return size;
    throw new TransferError("no-space", `Cannot write "${path}": the disk has ${space.free} bytes left`);
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
