/**
 * A plain HTML form (multipart/form-data, RFC 7578). Files are written as they arrive, one after another; the field `to`
 * (before the files) names the folder, the field `next` the page to show after.
 *
 * @module
 */

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import {
  decodeType,
  defaultConflict,
  formFiles,
  isTransferError,
  normalizePath,
  type StoredFile,
  TransferError,
  toWireFile,
} from "@naru/core";
import { closed, object, optional, text } from "@naru/core/schema";
import type { WholeFiles } from "../uploads/whole-files.ts";
import { byIn } from "./access.ts";
import { call } from "./call.ts";
import type { App, Request } from "./fastify.ts";
import { bodyChunks, clientSignal } from "./request-body.ts";

const sendForm = call("sendForm", "Send files by a plain HTML form", {
  tag: "Files",
  description: "Names that are taken are renamed.",
  query: closed({ to: optional(text("The folder that the files go to.")) }),
  streams: {
    mediaType: "multipart/form-data",
    description: "Files, as many as there are; fields before them.",
    form: object({
      to: optional(text("The folder, instead of the query's.")),
      next: optional(text("A path of this server to show afterwards.")),
      file: optional(text("A file, in a field of any name.")),
    }),
  },
  answers: { 201: formFiles, 303: { mediaType: "text/plain", description: "To `next`." } },
  fails: ["short-body", "too-large", "conflict", "no-space"],
});
const limits = { fieldNameSize: 100, fieldSize: 4096, fields: 20, files: 1000, headerPairs: 20 };

type WriteFile = (name: string, type: string, chunks: AsyncIterable<Uint8Array>, to: string) => Promise<StoredFile>;

/** Take forms; `app` must not read bodies. */
export function formRoute(app: App, whole: WholeFiles): void {
  app.post("/api/files", { schema: sendForm }, async (request, reply) => {
    const options = { by: byIn(request), signal: clientSignal(request, reply) };
    const write: WriteFile = (name, type, chunks, to) => {
      const spec = { path: normalizePath(folder(to) + name), type: typeOf(type), conflict: defaultConflict.form };
      return whole.write(spec, chunks, options);
    };
    const { files, next } = await readForm(request, request.query.to ?? "", write);
    request.log.info({ by: options.by.account, files: files.length }, "form written");
    if (next !== undefined) return reply.redirect(localPath(next), 303);
    return reply.code(201).send({ files: files.map(toWireFile) });
  });
}

interface Form {
  readonly files: readonly StoredFile[];
  readonly next: string | undefined;
}

async function readForm(request: Request, to: string, write: WriteFile): Promise<Form> {
  const type = request.headers["content-type"] ?? "";
  if (!/^multipart\/form-data *;/i.test(type)) {
    throw new TransferError("invalid", "Cannot accept the form: its Content-Type is not multipart/form-data");
  }
  const busboy = openForm(type);
  const fields = new Map([["to", to]]);
  const writes: Promise<StoredFile>[] = [];
  busboy.on("field", (name, value) => fields.set(name, value));
  busboy.on("file", (_field, stream, name, _encoding, mimeType) => {
    if (!name) {
      stream.resume();
      return;
    }
    const writing = Promise.resolve().then(() => write(name, mimeType, chunksOf(stream), fields.get("to") ?? ""));
    writing.catch((error: Error) => busboy.destroy(error));
    writes.push(writing);
  });
  try {
    await pipeline(Readable.from(bodyChunks(request)), busboy);
  } catch (cause) {
    const results = await Promise.allSettled(writes);
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    throw isTransferError(cause) ? cause : notWhole(cause);
  }
  return { files: await Promise.all(writes), next: fields.get("next") };
}

/** The bytes of one file of the form. Its stream fails when the form ends within it. */
async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array, undefined> {
  try {
    for await (const chunk of stream) yield chunk;
  } catch (cause) {
    throw notWhole(cause);
  }
  return undefined;
}

function notWhole(cause: unknown): TransferError {
  return new TransferError("short-body", "Cannot accept the form: it is not whole", { cause });
}

function openForm(type: string): BusboyInstance {
  try {
    return new Busboy({ headers: { "content-type": type }, limits });
  } catch (cause) {
    throw new TransferError("invalid", "Cannot accept the form: its Content-Type has no boundary", { cause });
  }
}

function folder(to: string): string {
  return to === "" || to.endsWith("/") ? to : `${to}/`;
}

function typeOf(type: string): string | undefined {
  return type === "application/octet-stream" ? undefined : decodeType(type, "content-type");
}

/** @throws {TransferError} `invalid` if it leads away from here */
function localPath(next: string): string {
  const base = "http://naru.invalid";
  if (/^\/(?![/\\])[^\\\s]*$/.test(next) && new URL(next, base).origin === base) return next;
  throw new TransferError("invalid", 'Cannot continue to the field "next": it is not a path on this server');
}
