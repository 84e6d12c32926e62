/** Decides which downloads run: a few at once, so that the tail of one overlaps the head of the next. */

import type { WakeOptions } from "@naru/core";
import type { NaruApi } from "../../api.ts";
import { plainError, type Row } from "../row.ts";
import type { RowStore } from "../row-store.ts";
import type { Download, DownloadContext } from "./download.ts";

const maxActive = 6;
/** Another file begins when those under way have less than this left to fetch. */
const nearTheEnd = 96 * 1024 * 1024;
const askAgainMs = 2000;

export interface DownloadQueueOptions {
  readonly api: NaruApi;
  readonly rowStore: RowStore;
  /** What all share, once the server has answered. */
  readonly context: () => Promise<Omit<DownloadContext, "bytesPerSecond" | "onProgress">>;
  /** The speed that all are held to together. */
  readonly bytesPerSecond: () => number | undefined;
  readonly folderOf: (download: Download) => Promise<FileSystemDirectoryHandle | undefined>;
  /** It is whole, and in its folder, or still to be saved. */
  readonly onWhole: (download: Download, file: File | undefined) => Promise<void>;
}

/** The downloads of this tab on their way. */
export class DownloadQueue {
  readonly #options: DownloadQueueOptions;
  readonly #active = new Set<Download>();
  /** They wait for the server to answer, or to know us again. */
  readonly #stalled = new Set<Download>();
  /** Resumed before they had stopped. */
  readonly #again = new Set<Download>();
  /** In their order; whoever is paused or cancelled meanwhile is passed over when its turn comes. */
  readonly #waiting = new Set<Download>();
  #asking: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DownloadQueueOptions) {
    this.#options = options;
  }

  /** Bytes that downloads which have not begun will need in the browser's own files. */
  get promised(): number {
    let sum = 0;
    for (const { isStaged, row, entry } of this.#waiting) {
      if (isStaged && row.state === "waiting" && row.confirmed === 0) sum += entry.size;
    }
    return sum;
  }

  enqueue(download: Download): void {
    download.row.rest("waiting");
    this.#options.rowStore.changed(download.row);
    this.#waiting.delete(download);
    this.#waiting.add(download);
    this.kick();
  }

  /** Resume one that is paused but has not ended; whether that was so. */
  resumed(download: Download): boolean {
    if (!this.#active.has(download)) return false;
    download.row.running?.resume();
    if (download.row.state === "paused") this.#again.add(download);
    return true;
  }

  /** Look for something to start. */
  kick(): void {
    for (const download of this.#waiting) {
      if (!this.#hasRoom()) return;
      this.#waiting.delete(download);
      // Never rejects: failures go to the row.
      if (download.row.state === "waiting") void this.#run(download);
    }
  }

  /** The line may be back, or the computer awake again. */
  wake(options: WakeOptions): void {
    for (const { row } of this.#active) row.running?.wake(options);
    if (this.#stalled.size > 0) this.#askServer(0);
  }

  #hasRoom(): boolean {
    const going = this.#moving();
    const left = going.reduce((sum, { size, confirmed, inFlight }) => sum + size - confirmed - inFlight, 0);
    return going.length < maxActive && left < nearTheEnd;
  }

  #moving(): Row[] {
    return [...this.#active].map(({ row }) => row).filter(({ state }) => state !== "paused");
  }

  async #run(download: Download): Promise<void> {
    const { rowStore, folderOf, onWhole } = this.#options;
    const { row } = download;
    this.#active.add(download);
    row.rest("checking");
    rowStore.changed(row);
    try {
      const file = await download.run(await this.#context(row), await folderOf(download));
      if (row.state === "cancelled") return;
      await onWhole(download, file);
      row.rest("done");
      row.confirmed = row.size;
      rowStore.received(row, { etag: download.entry.etag, crc64: download.entry.whole });
    } catch (error) {
      this.#failed(download, error);
    } finally {
      row.running = undefined;
      this.#active.delete(download);
      rowStore.changed(row);
      if (this.#again.delete(download) && row.state === "paused") this.enqueue(download);
      this.kick();
    }
  }

  async #context(row: Row): Promise<DownloadContext> {
    const { rowStore, context, bytesPerSecond } = this.#options;
    return {
      ...(await context()),
      bytesPerSecond: () => {
        const all = bytesPerSecond();
        return all && all / Math.max(1, this.#moving().length);
      },
      onProgress: (received) => {
        rowStore.sent(received);
        rowStore.changed(row);
        if (this.#waiting.size > 0) this.kick();
      },
    };
  }

  #failed(download: Download, error: unknown): void {
    const { row } = download;
    if (row.state === "cancelled" || row.state === "paused") return;
    if (error instanceof DOMException && error.name === "NotAllowedError") {
      row.rest("needs-file", { needs: "permission" });
      return;
    }
    const failure = plainError(error);
    if (failure.code === "unauthenticated" || failure.code === "unreachable") {
      row.rest(failure.code === "unauthenticated" ? "paused" : "offline", { error: failure });
      this.#stalled.add(download);
      this.#askServer(askAgainMs);
    } else {
      const code = failure.code === "conflict" ? "file-changed" : failure.code;
      row.rest("failed", { error: { ...failure, code } });
    }
  }

  /** Ask until the server answers and knows us again; then resume what waits for that. */
  #askServer(afterMs: number): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(async () => {
      const answered = await this.#options.api.session({ probe: false }).catch(() => undefined);
      if (answered === undefined) return this.#askServer(askAgainMs);
      const stalled = [...this.#stalled];
      this.#stalled.clear();
      for (const download of stalled) {
        const { state } = download.row;
        if (state === "paused" || state === "offline") this.enqueue(download);
      }
    }, afterMs);
  }
}
