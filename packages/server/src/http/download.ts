/**
 * Sends a file: conditions and ranges of RFC 9110 (13, 14), the name by RFC 6266 and 8187.
 *
 * @module
 */

import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { type Files, type StoredFile, TransferError } from "@naru/core";
import { attachment } from "./content-disposition.ts";
import type { Reply, Request } from "./fastify.ts";
import { isSameContent, tagOf, weighConditions } from "./preconditions.ts";
import { parseRange } from "./range.ts";
import { clientSignal } from "./request-body.ts";

export interface Exchange {
  readonly request: Request;
  readonly reply: Reply;
}

/** Answer GET or HEAD with the file. @throws {TransferError} `conflict` if a condition says that it is another content */
export async function sendFile(
  file: StoredFile,
  files: Pick<Files, "read">,
  { request, reply }: Exchange,
): Promise<Reply> {
  const { headers, method } = request;
  const tag = tagOf(file);
  const verdict = weighConditions(request, file);
  if (verdict === "changed") throw new TransferError("conflict", `Cannot read "${file.path}": it has changed`);
  describe(file, reply, tag);
  if (verdict === "unchanged") return reply.code(304).send();

  const ifRange = headers["if-range"];
  const range = isSameContent(typeof ifRange === "string" ? ifRange : undefined, file)
    ? parseRange(headers.range, file.size)
    : "whole";
  if (range === "unsatisfiable") {
    const answer = {
      code: "invalid",
      message: `Cannot read "${file.path}": the range is outside it`,
      retryable: false,
    };
    return reply.code(416).header("content-range", `bytes */${file.size}`).type("application/json").send(answer);
  }
  const { start, end } = range === "whole" ? { start: 0, end: file.size } : range;
  reply.header("content-length", String(end - start));
  if (range !== "whole") {
    reply.code(206).header("content-range", `bytes ${start}-${end - 1}/${file.size}`);
  }
  if (method === "HEAD" || end === start) return reply.send("");
  const signal = clientSignal(request, reply);
  const part = range === "whole" ? {} : { range };
  const stream = await files.read(file.path, { ...part, etag: file.etag, signal });
  // The same object: the web's type and Node's type of it differ in name only.
  return reply.send(Readable.fromWeb(stream as NodeReadableStream<Uint8Array>));
}

function describe(file: StoredFile, reply: Reply, tag: string): void {
  reply
    .header("content-type", file.type ?? "application/octet-stream")
    .header("content-disposition", attachment(file.path.slice(file.path.lastIndexOf("/") + 1)))
    .header("etag", tag)
    .header("last-modified", file.modified.toUTCString())
    .header("accept-ranges", "bytes")
    .header("cache-control", "private, no-cache");
  if (file.crc64 !== undefined) reply.header("naru-crc64", file.crc64);
}
