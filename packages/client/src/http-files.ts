/** What has arrived at the server, read through it. */

import {
  type ByteRange,
  type Files,
  type Folders,
  isTransferError,
  type ReadOptions,
  TransferError,
  toStoredFile,
} from "@naru/core";
import type { NaruApi } from "./api.ts";
import { unreachable } from "./send.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Look at, read, rename and remove files through the server behind `api`. */
export function httpFiles(api: NaruApi): Files {
  return {
    stat: async (path, options) => {
      const file = await api.stat(path, options);
      return file && toStoredFile(file);
    },
    list: async (options) => {
      const { files, folders, cursor } = await api.list(options);
      return { files: files.map(toStoredFile), folders, cursor };
    },
    read: async (path, { range, etag, signal } = {}) => {
      if (range && range.end <= range.start) return nothingOf(api, path, { etag, signal });
      const headers = { ...rangeHeader(range), ...(etag === undefined ? {} : { "if-match": `"${etag}"` }) };
      const response = await api.read(path, headers, { signal });
      if (range && response.status !== 206) {
        await response.body?.cancel();
        throw new TransferError("unsupported", `Cannot read a range of "${path}": the server sends all of it`);
      }
      return toldApart(response.body, api.origin, signal);
    },
    move: async (from, to, options) => toStoredFile(await api.move(from, to, { ...options, conflict: "overwrite" })),
    remove: (path, options) => api.remove(path, options),
    folders: httpFolders(api),
  };
}

/** HTTP cannot ask for no bytes, and servers answer with all of them: only whether the file is there is asked. */
async function nothingOf(api: NaruApi, path: string, { etag, signal }: ReadOptions): Promise<ReadableStream<Bytes>> {
  const file = await api.stat(path, { signal });
  if (file === undefined) throw new TransferError("not-found", `Cannot read "${path}": there is no such file`);
  if (etag !== undefined && etag !== file.etag)
    throw new TransferError("conflict", `Cannot read "${path}": it has changed since`);
  return new ReadableStream<Bytes>({ start: (controller) => controller.close() });
}

function httpFolders(api: NaruApi): Folders {
  return {
    has: (path, options) => api.hasFolder(path, options),
    make: (path, options) => api.makeFolder(path, options),
    remove: async (path, options) => {
      try {
        await api.removeFolder(path, { ...options, recursive: false });
      } catch (error) {
        // One that holds something is there all the same; a missing one is fine.
        if (!isTransferError(error) || !["conflict", "not-found"].includes(error.code)) throw error;
      }
    },
  };
}

/** Write a range as HTTP counts: its last byte is included (RFC 9110, 14.1.2). */
export function rangeHeader(range: ByteRange | undefined): Record<string, string> {
  return range ? { range: `bytes=${range.start}-${range.end - 1}` } : {};
}

/** Pass bytes on as they are pulled; a cut becomes a `TransferError`. */
function toldApart(
  body: ReadableStream<Bytes> | null,
  origin: string,
  signal: AbortSignal | undefined,
): ReadableStream<Bytes> {
  const reader = body?.getReader();
  return new ReadableStream<Bytes>(
    {
      pull: async (controller) => {
        if (!reader) return controller.close();
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          controller.error(failure(origin, cause, signal));
        }
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function failure(origin: string, cause: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : unreachable(origin, cause, undefined);
}
