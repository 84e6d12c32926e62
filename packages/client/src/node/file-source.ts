/** A file on disk as something to send: read by position, so that parts are read in parallel and again. */

import { type FileHandle, open, stat } from "node:fs/promises";
import { type Body, KiB, type Source, TransferError } from "@naru/core";

const chunkSize = 512 * KiB;

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

const fileBodies = new WeakSet<Body>();

/** Tell whether a body is a part of a file. */
export function isFileBody(body: Body): body is FileBody {
  return fileBodies.has(body);
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
  const found = await handle.stat();
  if (!found.isFile()) {
    await handle.close();
    throw new TransferError("invalid", `Cannot send "${path}": it is not a regular file`);
  }
  const facts: FileFacts = { size: found.size, modifiedMs: Math.trunc(found.mtimeMs) };
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

/** A pair of chunks is given to each part on its way, so that they need not be made anew for each. */
const spare: (readonly [Buffer, Buffer])[] = [];

function fileBody(path: string, handle: FileHandle, { start, end, check }: Region): FileBody {
  async function* read(next: (index: number) => Buffer): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
    await check();
    let position = start;
    for (let index = 0; position < end; index += 1) {
      const chunk = next(index);
      const { bytesRead } = await handle.read(chunk, 0, Math.min(chunk.length, end - position), position);
      if (bytesRead === 0) throw changed(path, "it became shorter");
      position += bytesRead;
      // Before the last bytes leave: a part mixed from two versions must not get a receipt.
      if (position >= end) await check();
      // Made below, of memory of their own.
      yield chunk.subarray(0, bytesRead) as Uint8Array<ArrayBuffer>;
    }
  }
  const fresh = (): Buffer => Buffer.allocUnsafeSlow(Math.min(chunkSize, end - start));
  async function* reused(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const pair = spare.pop() ?? [Buffer.allocUnsafeSlow(chunkSize), Buffer.allocUnsafeSlow(chunkSize)];
    for await (const chunk of read((index) => pair[index % 2 === 0 ? 0 : 1])) {
      // A socket takes a small chunk at its word and asks on before that has gone.
      yield chunk.length === chunkSize ? chunk : Buffer.from(chunk);
    }
    // Not after a failure: the chunk may still be on its way.
    spare.push(pair);
  }
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> => {
    const reading = read(fresh);
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          const { done, value } = await reading.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => void (await reading.return(undefined)),
      },
      { highWaterMark: 0 },
    );
  };
  const chunks: FileBody["chunks"] = ({ reuse = false } = {}) => (reuse ? reused() : read(fresh));
  const body = { file: path, start, size: end - start, stream, chunks };
  fileBodies.add(body);
  return body;
}

async function checkUnchanged(path: string, handle: FileHandle, facts: FileFacts): Promise<void> {
  const now = await handle.stat();
  const named = await stat(path).catch(() => undefined);
  // Digests are taken by the name: they must be of the same file.
  if (named?.ino !== now.ino)
    throw changed(path, named === undefined ? "it was removed" : "another file has taken its name");
  if (now.size !== facts.size) throw changed(path, `it had ${facts.size} bytes and now has ${now.size}`);
  if (Math.trunc(now.mtimeMs) !== facts.modifiedMs) throw changed(path, "it was written to meanwhile");
}

/** Make the error of a file that is not what it was. */
export function changed(path: string, how: string): TransferError {
  return new TransferError("file-changed", `Cannot send "${path}": ${how}`);
}

/** Make the error of a file that cannot be opened. */
export function openFailure(path: string, cause: unknown): TransferError {
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
