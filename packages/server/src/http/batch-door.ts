/**
 * Many small files in one request (`application/vnd.naru.batch`): a big-endian uint32 with the length of the manifest,
 * the manifest in JSON, then the bodies one after another.
 *
 * @module
 */

import {
  type BatchFile,
  type BatchManifest,
  type BatchResult,
  batchContentType,
  decodeBatchManifest,
  MiB,
  TransferError,
  toWireError,
  toWireFile,
} from "@naru/core";
import { ByteReader } from "../uploads/byte-reader.ts";
import type { WholeFiles } from "../uploads/whole-files.ts";
import { callerIn } from "./access.ts";
import { bodyChunks, clientSignal, contentLength } from "./body.ts";
import type { App, Request } from "./fastify.ts";
import { ok } from "./schemas.ts";

/** The largest file that may travel in a batch. */
export const batchMaxSize: number = 1 * MiB;

const maxManifest = 4 * MiB;
/** Files being written at once; with their largest size, what a batch holds in memory. */
const concurrency = 16;

/** Take batches; `app` must not read bodies. */
export function batchRoute(app: App, whole: WholeFiles): void {
  app.post("/api/batch", { schema: ok("BatchResults") }, async (request, reply) => {
    if (request.headers["content-type"] !== batchContentType) {
      throw new TransferError("invalid", `Cannot take the batch: its Content-Type is not ${batchContentType}`);
    }
    const options = { owner: callerIn(request).name, signal: clientSignal(request, reply) };
    const reader = new ByteReader(bodyChunks(request));
    const { files } = await readManifest(reader, request);
    const there = whole.listed(files.map(({ path }) => path));
    const results = await writeAll(files, reader, async (file, bytes) => {
      try {
        const spec = { ...file, conflict: file.conflict ?? "rename" };
        return { file: toWireFile(await whole.write(spec, once(bytes), { ...options, files: there })) };
      } catch (error) {
        const wire = toWireError(error);
        if (wire.code === "internal") request.log.error({ err: error }, "unexpected failure in a batch");
        return { error: wire };
      }
    });
    request.log.info({ by: options.owner, files: files.length }, "batch written");
    return { results };
  });
}

async function readManifest(reader: ByteReader, request: Request): Promise<BatchManifest> {
  const size = contentLength(request);
  const head = await reader.take(4);
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (length > maxManifest) throw new TransferError("too-large", "Cannot take the batch: its manifest is too large");
  const manifest = decodeBatchManifest(parse(await reader.take(length)));
  const expected = manifest.files.reduce((sum, file) => sum + file.size, 4 + length);
  if (size !== expected) {
    const code = size < expected ? "short-body" : "long-body";
    throw new TransferError(code, `Cannot take the batch: the body has ${size} bytes, not ${expected}`);
  }
  return manifest;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new TransferError("invalid", "Cannot take the batch: its manifest is not JSON", { cause });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined> {
  yield bytes;
  return undefined;
}

type WriteOne = (file: BatchFile, bytes: Uint8Array<ArrayBuffer>) => Promise<BatchResult>;

async function writeAll(files: readonly BatchFile[], reader: ByteReader, write: WriteOne): Promise<BatchResult[]> {
  const results: Promise<BatchResult>[] = [];
  const running = new Set<Promise<unknown>>();
  for (const file of files) {
    if (file.size > batchMaxSize) {
      await reader.skip(file.size);
      results.push(Promise.resolve({ error: toWireError(tooLarge(file)) }));
      continue;
    }
    const bytes = await reader.take(file.size);
    const result = write(file, bytes).finally(() => running.delete(result));
    running.add(result);
    results.push(result);
    if (running.size >= concurrency) await Promise.race(running);
  }
  return Promise.all(results);
}

function tooLarge({ path }: BatchFile): TransferError {
  return new TransferError("too-large", `Cannot take "${path}" in a batch: it is over ${batchMaxSize} bytes`);
}
