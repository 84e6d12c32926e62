/** Downloads to disk: ranges in parallel, resumed after any cut, verified, and visible only when whole. */

import { type FileHandle, open, rename, rm } from "node:fs/promises";
import {
  type Abortable,
  type ByteRange,
  type Clock,
  combineAllCrc64,
  isTransferError,
  MiB,
  type StoredFile,
  TransferError,
  toStoredFile,
} from "@naru/core";
import type { NaruApi } from "../api.ts";
import { systemClock } from "../clock.ts";
import { openDigester } from "./digest.ts";
import { RangeJournal } from "./range-journal.ts";
import { ReadAddress } from "./read-address.ts";
import type { Network } from "./undici-send.ts";
import { writeRange } from "./write-range.ts";

export interface DownloadProgress {
  readonly size: number;
  /** Bytes in ranges that are whole on disk. */
  readonly confirmed: number;
  /** Bytes written beyond them. */
  readonly inFlight: number;
}

export interface DownloadOptions extends Abortable {
  readonly api: NaruApi;
  readonly network: Network;
  /** The file at the server. */
  readonly path: string;
  /** The file on this disk; it is replaced when the download is whole. */
  readonly to: string;
  readonly route?: "auto" | "direct" | "proxy" | undefined;
  readonly connections?: number | undefined;
  readonly rangeSize?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Called when the remote file changed, so that what was read of it is of no use. */
  readonly onRestart?: ((path: string) => void) | undefined;
}

export interface Downloaded {
  readonly file: StoredFile;
  readonly route: "direct" | "proxy";
  readonly bytesReceived: number;
  readonly ranges: number;
  readonly rangesSkipped: number;
  /** CRC-64/NVME of what was written to the disk. */
  readonly crc64: string;
  /** Whether the server knew the checksum to compare it with; else size and etag had to do. */
  readonly compared: boolean;
}

const maxRestarts = 3;

/**
 * Read a file into `options.to`. Calling it again after any cut goes on where it stopped.
 *
 * @throws {TransferError} `not-found`; `checksum-mismatch` if what came is not what the server holds
 */
export async function downloadFile(options: DownloadOptions): Promise<Downloaded> {
  for (let restart = 0; ; restart++) {
    const { api, network, path, route = "auto", signal } = options;
    const get = network.get;
    const address = await ReadAddress.of({ api, get, path, direct: route !== "proxy" }, { signal });
    if (route === "direct" && address.route !== "direct") {
      throw new TransferError("unsupported", `Cannot read "${path}" directly: the store does not sign reads`);
    }
    try {
      return await new Download(options, address).run();
    } catch (error) {
      if (!isTransferError(error) || error.code !== "conflict" || restart >= maxRestarts) throw error;
    }
  }
}

class Download {
  readonly #options: DownloadOptions;
  readonly #address: ReadAddress;
  readonly #part: string;
  readonly #rangeSize: number;
  readonly #partial = new Map<number, number>();
  #bytesReceived = 0;
  #confirmed = 0;
  #flushing: Promise<void> | undefined;

  constructor(options: DownloadOptions, address: ReadAddress) {
    this.#options = options;
    this.#address = address;
    this.#part = `${options.to}.naru-part`;
    this.#rangeSize = options.rangeSize ?? 16 * MiB;
  }

  async run(): Promise<Downloaded> {
    const { file } = this.#address;
    const journal = await RangeJournal.open(`${this.#part}.json`, file, this.#rangeSize);
    if (journal.stale) this.#options.onRestart?.(file.path);
    const ranges = cutRanges(file.size, this.#rangeSize);
    await using handle = await openPart(this.#part, file.size, journal.ranges.size > 0);
    if (handle.fresh) journal.ranges.clear();
    await this.#checkKept(journal, ranges);
    const skipped = journal.ranges.size;
    await this.#readAll(handle.file, journal, ranges);
    const crc64 = await this.#verify(journal, ranges);
    await handle.file.sync();
    await rename(this.#part, this.#options.to);
    await journal.remove();
    return {
      file: toStoredFile(file),
      route: this.#address.route,
      bytesReceived: this.#bytesReceived,
      ranges: ranges.length,
      rangesSkipped: skipped,
      crc64,
      compared: file.crc64 !== undefined,
    };
  }

  /** The journal may know more than the disk: it was not waited for, and the power may have failed. */
  async #checkKept(journal: RangeJournal, ranges: readonly ByteRange[]): Promise<void> {
    if (journal.ranges.size === 0) return;
    const { signal } = this.#options;
    await using digester = openDigester();
    const check = async ([index, crc64]: readonly [number, string]): Promise<void> => {
      const range = ranges[index];
      const region = range && { file: this.#part, start: range.start, size: sizeOf(range) };
      if (region === undefined || (await digester.crc64(region, { signal })) !== crc64) journal.ranges.delete(index);
      else this.#confirmed += region.size;
    };
    await Promise.all([...journal.ranges].map(check));
  }

  async #readAll(handle: FileHandle, journal: RangeJournal, ranges: readonly ByteRange[]): Promise<void> {
    const queue = [...ranges.keys()].filter((index) => !journal.ranges.has(index));
    const failed = new AbortController();
    const signal = this.#options.signal ? AbortSignal.any([this.#options.signal, failed.signal]) : failed.signal;
    const stop = (error: unknown): void => failed.abort(error);
    const noted: Promise<void>[] = [];
    const worker = async (): Promise<void> => {
      for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
        const range = ranges[index];
        if (!range) continue;
        const crc64 = await this.#readRange(handle, index, range, signal);
        noted.push(journal.add(index, crc64).catch(stop));
        this.#partial.delete(index);
        this.#confirmed += sizeOf(range);
        this.#tell();
        this.#flush(handle);
      }
    };
    const { connections = 8 } = this.#options;
    const workers = Array.from({ length: Math.min(connections, queue.length) }, () => worker().catch(stop));
    // All must have stopped before the file is closed; the first failure is the one that counts.
    await Promise.all(workers);
    await Promise.all(noted);
    await this.#flushing;
    failed.signal.throwIfAborted();
  }

  /** Have the disk write what came, while more comes: the end has to wait for less. One at a time is enough. */
  #flush(handle: FileHandle): void {
    this.#flushing ??= handle
      .datasync()
      // Only a head start: whatever is wrong with the disk, the end meets it.
      .catch(() => undefined)
      .finally(() => {
        this.#flushing = undefined;
      });
  }

  async #readRange(handle: FileHandle, index: number, range: ByteRange, signal: AbortSignal): Promise<string> {
    const { clock = systemClock, random = Math.random } = this.#options;
    for (let attempt = 0; ; attempt++) {
      let written = 0;
      try {
        return await writeRange(this.#address, handle, range, {
          signal,
          onProgress: (now) => {
            this.#bytesReceived += now - written;
            written = now;
            this.#partial.set(index, now);
            this.#tell();
          },
        });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!isTransferError(error) || !error.retryable) throw error;
        if (written > 0) attempt = 0;
        this.#partial.delete(index);
        const pause = random() * Math.min(10_000, 250 * 2 ** attempt);
        await clock.sleep(Math.max(pause, error.retryAfterMs ?? 0), { signal });
      }
    }
  }

  async #verify(journal: RangeJournal, ranges: readonly ByteRange[]): Promise<string> {
    const { file } = this.#address;
    const parts = ranges.map((range, index) => ({ crc64: journal.ranges.get(index) ?? "", size: sizeOf(range) }));
    const crc64 = combineAllCrc64(parts);
    if (file.crc64 === undefined || file.crc64 === crc64) return crc64;
    await journal.remove();
    await rm(this.#part, { force: true });
    throw new TransferError(
      "checksum-mismatch",
      `Cannot accept "${file.path}": its CRC-64 is ${crc64}, on the server ${file.crc64}`,
    );
  }

  #tell(): void {
    const inFlight = [...this.#partial.values()].reduce((sum, size) => sum + size, 0);
    this.#options.onProgress?.({ size: this.#address.file.size, confirmed: this.#confirmed, inFlight });
  }
}

interface OpenPart extends AsyncDisposable {
  readonly file: FileHandle;
  /** True when nothing of it can be gone on with. */
  readonly fresh: boolean;
}

async function openPart(path: string, size: number, resume: boolean): Promise<OpenPart> {
  const kept = resume ? await open(path, "r+").catch(() => undefined) : undefined;
  const file = kept ?? (await open(path, "w+"));
  const fresh = kept === undefined || (await file.stat()).size !== size;
  await file.truncate(size);
  return { file, fresh, [Symbol.asyncDispose]: () => file.close() };
}

function cutRanges(size: number, rangeSize: number): readonly ByteRange[] {
  return Array.from({ length: Math.ceil(size / rangeSize) }, (_, index) => {
    const start = index * rangeSize;
    return { start, end: Math.min(start + rangeSize, size) };
  });
}

function sizeOf(range: ByteRange | undefined): number {
  return range ? range.end - range.start : 0;
}
