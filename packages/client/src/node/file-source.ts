/** A file on disk as something to send: read by position, so that parts are read in parallel and again. */

import { type FileHandle, open } from "node:fs/promises";
import { type Body, MiB, type Source, TransferError } from "@naru/core";

const chunkSize = MiB;

/** What tells one state of a file from another. */
export interface FileFacts {
  readonly size: number;
  readonly modifiedMs: number;
}

/** A part of a file; `digestFile` reads it by its path, in a worker. */
export interface FileBody extends Body {
  readonly file: string;
  readonly start: number;
}

/** An open file. Every read checks that it is still the file that was opened. */
export interface FileSource extends Source, AsyncDisposable {
  readonly path: string;
  readonly facts: FileFacts;
  slice(start: number, end: number): FileBody;
  /** @throws {TransferError} `file-changed` when its size or time is not what it was */
  check(): Promise<void>;
}

/** Open the file at `path`. @throws {TransferError} `not-found`, `forbidden`, or `invalid` for what is not a file */
export async function openFileSource(path: string): Promise<FileSource> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw openFailure(path, cause);
  });
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new TransferError("invalid", `Cannot send "${path}": it is not a regular file`);
  }
  const facts: FileFacts = { size: stat.size, modifiedMs: Math.trunc(stat.mtimeMs) };
  const check = (): Promise<void> => checkUnchanged(path, handle, facts);
  return {
    path,
    facts,
    size: facts.size,
    slice: (start, end) => fileBody(path, handle, { start, end, check }),
    check,
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

interface Region {
  readonly start: number;
  readonly end: number;
  check(): Promise<void>;
}

function fileBody(path: string, handle: FileHandle, { start, end, check }: Region): FileBody {
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> => {
    let position = start;
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: check,
        pull: async (controller) => {
          if (position >= end) return controller.close();
          const chunk = Buffer.allocUnsafeSlow(Math.min(chunkSize, end - position));
          const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
          if (bytesRead === 0) throw changed(path, "it became shorter");
          position += bytesRead;
          // Before the last bytes leave: a part mixed from two versions must not get a receipt.
          if (position >= end) await check();
          controller.enqueue(bytesRead === chunk.length ? chunk : chunk.subarray(0, bytesRead));
          if (position >= end) controller.close();
        },
      },
      { highWaterMark: 1 },
    );
  };
  return { file: path, start, size: end - start, stream };
}

async function checkUnchanged(path: string, handle: FileHandle, facts: FileFacts): Promise<void> {
  const now = await handle.stat();
  if (now.size !== facts.size) throw changed(path, `it had ${facts.size} bytes and now has ${now.size}`);
  if (Math.trunc(now.mtimeMs) !== facts.modifiedMs) throw changed(path, "it was written to meanwhile");
}

function changed(path: string, how: string): TransferError {
  return new TransferError("file-changed", `Cannot send "${path}": ${how}`);
}

function openFailure(path: string, cause: unknown): TransferError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT")
    return new TransferError("not-found", `Cannot open "${path}": there is no such file`, { cause });
  if (code === "EACCES")
    return new TransferError("forbidden", `Cannot open "${path}": reading it is not allowed`, { cause });
  return new TransferError(
    "invalid",
    `Cannot open "${path}": ${cause instanceof Error ? cause.message : "it failed"}`,
    {
      cause,
    },
  );
}
