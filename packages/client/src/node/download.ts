/** Downloads to disk: ranges in parallel, resumed after any cut, verified, and visible only when whole. */

import {
  type Abortable,
  type Clock,
  Fetch,
  isTransferError,
  type RangeReader,
  type StoredFile,
  TransferError,
  toStoredFile,
} from "@naru/core";
import type { NaruApi } from "../api.ts";
import { systemClock } from "../clock.ts";
import { ReadAddress } from "../read-address.ts";
import { fileFetchJournal, openFileSink } from "./file-sink.ts";
import type { Network } from "./network.ts";

/** How far a download is, in bytes. */
export interface DownloadProgress {
  readonly size: number;
  /** Bytes that survive a crash and a power cut. */
  readonly confirmed: number;
  /** Bytes that have come beyond them. */
  readonly inFlight: number;
}

/** What is fetched, and where to. */
export interface DownloadOptions extends Abortable {
  readonly api: NaruApi;
  readonly network: Network;
  /** The file at the server. */
  readonly path: string;
  /** The file on this disk; it is replaced when the download is whole. */
  readonly to: string;
  readonly route?: "auto" | "direct" | "proxy" | undefined;
  /** Ranges at once, at most. */
  readonly connections?: number | undefined;
  /** Bytes of a range; a download that resumes keeps what it began with. */
  readonly rangeSize?: number | undefined;
  /** The speed that it is held to; `undefined` is no limit. */
  readonly bytesPerSecond?: (() => number | undefined) | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Called when the remote file changed, so that what was read of it is of no use. */
  readonly onRestart?: ((path: string) => void) | undefined;
}

/** A download that is whole and verified. */
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

const defaultConnections = 8;
const maxRestarts = 3;

/**
 * Read a file into `options.to`. Calling it again after any cut resumes where it stopped.
 *
 * @throws {TransferError} `not-found`; `checksum-mismatch` if what came is not what the server holds; `no-space`
 */
export function downloadFile(options: DownloadOptions): Promise<Downloaded> {
  const { api, network, path, route = "auto" } = options;
  return downloadFrom(async ({ signal }) => {
    const address = await ReadAddress.of({ api, get: network.get, path, direct: route !== "proxy" }, { signal });
    if (route === "direct" && address.route !== "direct") {
      throw new TransferError("unsupported", `Cannot read "${path}" directly: the store does not sign reads`);
    }
    return {
      route: address.route,
      file: toStoredFile(address.file),
      read: async (range, o) => (await address.read(range, o)).body,
      giveBack: network.giveBack,
    };
  }, options);
}

/** Where the bytes are, and which way they come. */
export interface DownloadReader extends RangeReader {
  readonly route: "direct" | "proxy";
}

/** Read what `open` finds into `options.to`; it is opened anew when the content has changed. */
export async function downloadFrom(
  open: (options: Abortable) => Promise<DownloadReader>,
  options: Omit<DownloadOptions, "path" | "route">,
): Promise<Downloaded> {
  for (let restart = 0; ; restart++) {
    const { signal } = options;
    const reader = await open({ signal });
    try {
      return await download(reader, options);
    } catch (error) {
      if (!isTransferError(error) || error.code !== "conflict" || restart >= maxRestarts) throw error;
    }
  }
}

async function download(reader: DownloadReader, options: Omit<DownloadOptions, "path" | "route">): Promise<Downloaded> {
  const { api, network, to, connections = defaultConnections, onRestart, signal } = options;
  const { rangeSize, bytesPerSecond, clock = systemClock, random = Math.random, onProgress } = options;
  await using sink = await openFileSink(to, reader.file.size);
  const fetch = new Fetch(reader, sink, {
    journal: fileFetchJournal(to),
    clock,
    random,
    rangeSize,
    bytesPerSecond,
    maxConcurrency: connections,
    initialConcurrency: network.initialConcurrency(),
    probe: (probing) => api.alive(probing),
    onProgress,
    onRestart: () => onRestart?.(reader.file.path),
  });
  const fetched = await fetch.run({ signal });
  const { bytesReceived, parts, partsSkipped } = fetch.progress;
  return { ...fetched, route: reader.route, bytesReceived, ranges: parts, rangesSkipped: partsSkipped };
}
