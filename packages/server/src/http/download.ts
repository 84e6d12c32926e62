/**
 * Sends a file: conditions and ranges of RFC 9110 (13, 14), the name by RFC 6266 and 8187.
 *
 * @module
 */

import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { type ByteRange, type Files, type StoredFile, TransferError } from "@naru/core";
import { attachment } from "./content-disposition.ts";
import type { Reply, Request } from "./fastify.ts";
import { type Content, etagIn, isSameContent, tagOf, weighConditions } from "./preconditions.ts";
import { pump } from "./pump.ts";
import { parseRange } from "./range.ts";
import { clientSignal } from "./request-body.ts";

export interface Exchange {
  readonly request: Request;
  readonly reply: Reply;
}

/** What is downloaded. */
export interface Download extends Content {
  /** What errors call it. */
  readonly path: string;
  /** Under which name it is saved. */
  readonly name: string;
  readonly size: number;
  readonly type?: string | undefined;
  readonly crc64?: string | undefined;
  /** To be shown, not saved. */
  readonly inline?: boolean | undefined;
  /** Read a range of it, or all; what is no stream of Node's is as `pump` takes it. */
  read(
    range: ByteRange | undefined,
    signal: AbortSignal,
  ): Promise<Readable | AsyncGenerator<Uint8Array, void, undefined>>;
}

/** Answer GET or HEAD with the file. @throws {TransferError} `conflict` if a condition says that it is another content */
export function sendFile(
  file: StoredFile,
  files: Pick<Files, "read">,
  exchange: Exchange,
  { inline = false }: Pick<Download, "inline"> = {},
): Promise<Reply> {
  const { path, etag } = file;
  const download: Download = {
    ...file,
    inline,
    name: path.slice(path.lastIndexOf("/") + 1),
    read: async (range, signal) => {
      const stream = await files.read(path, { ...(range && { range }), etag, signal });
      // The same object: the web's type and Node's type of it differ in name only.
      return Readable.fromWeb(stream as NodeReadableStream<Uint8Array>);
    },
  };
  return sendDownload(download, exchange);
}

/** The same of anything that has a length and a tag. */
export async function sendDownload(download: Download, { request, reply }: Exchange): Promise<Reply> {
  const { headers, method } = request;
  const { path, size } = download;
  const etag = etagIn(request);
  const verdict = etag === undefined || etag === download.etag ? weighConditions(request, download) : "changed";
  if (verdict === "changed") throw new TransferError("conflict", `Cannot read "${path}": it has changed`);
  describe(download, reply);
  if (verdict === "unchanged") return reply.code(304).send();

  const ifRange = headers["if-range"];
  const range = isSameContent(typeof ifRange === "string" ? ifRange : undefined, download)
    ? parseRange(headers.range, size)
    : "whole";
  if (range === "unsatisfiable") {
    const answer = { code: "invalid", message: `Cannot read "${path}": the range is outside it`, retryable: false };
    return reply.code(416).header("content-range", `bytes */${size}`).type("application/json").send(answer);
  }
  const { start, end } = range === "whole" ? { start: 0, end: size } : range;
  reply.header("content-length", String(end - start));
  if (range !== "whole") {
    reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${size}`);
  }
  if (method === "HEAD" || end === start) return reply.send("");
  const body = await download.read(range === "whole" ? undefined : range, clientSignal(request, reply));
  if (body instanceof Readable) return reply.send(body);
  // What guests take is counted on its way, as a stream, which may hold chunks for long.
  if (request.guest !== undefined) return reply.send(Readable.from(copies(body), { objectMode: false }));
  await pump(body, { request, reply });
  return reply;
}

async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) yield chunk.slice();
}

function describe({ name, type, modified, crc64, inline = false, ...content }: Download, reply: Reply): void {
  reply
    .header("content-type", type ?? "application/octet-stream")
    .header("content-disposition", inline ? "inline" : attachment(name))
    .header("etag", tagOf(content))
    .header("accept-ranges", "bytes")
    .header("cache-control", "private, no-cache");
  if (modified !== undefined) reply.header("last-modified", modified.toUTCString());
  if (crc64 !== undefined) reply.header("naru-crc64", crc64);
}
