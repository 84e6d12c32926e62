/**
 * Many small files in one request (`application/vnd.naru.batch`): a big-endian uint32 with the length of the manifest,
 * the manifest in JSON, then the bodies one after another.
 *
 * @module
 */

import {
  type BatchEntry,
  type BatchFile,
  type BatchResult,
  batchContentType,
  batchManifest,
  batchResults,
  decodeBatchManifest,
  defaultConflict,
  type KnownResult,
  knownResults,
  MiB,
  TransferError,
  toWireError,
  toWireFile,
} from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { mapPool } from "../pool.ts";
import { ByteReader } from "../uploads/byte-reader.ts";
import type { WholeFiles } from "../uploads/whole-files.ts";
import { byIn } from "./access.ts";
import { call, readBy } from "./call.ts";
import type { App, Request } from "./fastify.ts";
import { bodyChunks, clientSignal, contentLength } from "./request-body.ts";

/** The largest file that may travel in a batch. */
export const batchMaxSize: number = 1 * MiB;

const calls = {
  batch: call("sendBatch", "Send many small files in one request", {
    tag: "Files",
    description:
      "A big-endian uint32 with the length of the manifest, the manifest (`BatchManifest` in JSON), the bodies.",
    streams: { mediaType: batchContentType, description: "The manifest and the bodies." },
    answers: { 200: batchResults },
    fails: ["short-body", "long-body", "too-large"],
  }),
  known: call("findKnown", "Tell which files of a batch are there already with the same bytes", {
    tag: "Files",
    body: readBy(batchManifest, decodeBatchManifest),
    answers: { 200: knownResults },
    fails: ["too-large"],
  }),
};

const maxManifest = 4 * MiB;
/** Files being written at once; with their largest size, what a batch holds in memory. */
const concurrency = 16;

export interface WritingOptions {
  readonly catalogue: Catalogue;
  readonly whole: WholeFiles;
}

/** Take batches; `app` must not read bodies. */
export function batchRoute(app: App, { catalogue, whole }: WritingOptions): void {
  app.post("/api/batch", { schema: calls.batch }, async (request, reply) => {
    if (request.headers["content-type"] !== batchContentType) {
      throw new TransferError("invalid", `Cannot accept the batch: its Content-Type is not ${batchContentType}`);
    }
    const options = { by: byIn(request), signal: clientSignal(request, reply) };
    const reader = new ByteReader(bodyChunks(request));
    const entries = await readManifest(reader, request);
    using there = catalogue.listed(pathsIn(entries));
    const results = await writeAll(entries, reader, async (file, bytes) => {
      try {
        const spec = { ...file, conflict: file.conflict ?? defaultConflict.batch };
        const written = await whole.writeOnce(spec, bytes, { ...options, files: there });
        return { file: toWireFile(written.file), ...(written.same ? { same: true } : {}) };
      } catch (error) {
        const wire = toWireError(error);
        if (wire.code === "internal") request.log.error({ err: error }, "unexpected failure in a batch");
        return { error: wire };
      }
    });
    request.log.info({ by: options.by.account, files: entries.length }, "batch written");
    return { results };
  });
}

const maxKnownBody = 4 * MiB;
const lookedForAtOnce = 16;

/** Tell which files of a batch need not be sent. */
export function knownRoute(app: App, catalogue: Catalogue): void {
  app.post("/api/batch/known", { schema: calls.known, bodyLimit: maxKnownBody }, async (request, reply) => {
    const entries = request.body;
    const signal = clientSignal(request, reply);
    using files = catalogue.listed(pathsIn(entries));
    const results = await mapPool(entries, lookedForAtOnce, async ({ file }): Promise<KnownResult> => {
      // What is wrong with a bad one is said when it is sent.
      if ("error" in file) return {};
      const wanted = { ...file.ok, conflict: file.ok.conflict ?? defaultConflict.batch };
      const found = await catalogue.find(wanted, { files, signal });
      return found ? { file: toWireFile(found) } : {};
    });
    return { results };
  });
}

function pathsIn(entries: readonly BatchEntry[]): readonly string[] {
  return entries.flatMap(({ file }) => ("ok" in file ? [file.ok.path] : []));
}

async function readManifest(reader: ByteReader, request: Request): Promise<readonly BatchEntry[]> {
  const size = contentLength(request);
  const head = await reader.take(4);
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (length > maxManifest) throw new TransferError("too-large", "Cannot accept the batch: its manifest is too large");
  const entries = decodeBatchManifest(parse(await reader.take(length)));
  const expected = entries.reduce((sum, { size }) => sum + size, 4 + length);
  if (size !== expected) {
    const code = size < expected ? "short-body" : "long-body";
    throw new TransferError(code, `Cannot accept the batch: the body has ${size} bytes, not ${expected}`);
  }
  return entries;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new TransferError("invalid", "Cannot accept the batch: its manifest is not JSON", { cause });
  }
}

type WriteOne = (file: BatchFile, bytes: Uint8Array<ArrayBuffer>) => Promise<BatchResult>;

async function writeAll(entries: readonly BatchEntry[], reader: ByteReader, write: WriteOne): Promise<BatchResult[]> {
  const results: Promise<BatchResult>[] = [];
  const running = new Set<Promise<unknown>>();
  try {
    for (const { size, file } of entries) {
      if ("error" in file || size > batchMaxSize) {
        await reader.skip(size);
        const error = "error" in file ? file.error : tooLarge(file.ok);
        results.push(Promise.resolve({ error: toWireError(error) }));
        continue;
      }
      const bytes = await reader.take(size);
      const result = write(file.ok, bytes).finally(() => running.delete(result));
      running.add(result);
      results.push(result);
      if (running.size >= concurrency) await Promise.race(running);
    }
    // Its watch over the connection ends with the body.
    await reader.end();
  } finally {
    // A body that ends early fails the whole, but not before what is being written has ended.
    await Promise.all(running);
  }
  return Promise.all(results);
}

function tooLarge({ path }: BatchFile): TransferError {
  return new TransferError("too-large", `Cannot accept "${path}" in a batch: it is over ${batchMaxSize} bytes`);
}
