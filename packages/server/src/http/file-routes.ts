import {
  decodeType,
  defaultConflict,
  downloadRequest,
  existingPath,
  type Files,
  filePage,
  moveRequest,
  normalizePath,
  type StoredFile,
  TransferError,
  toWireFile,
  wireDownload,
  wireError,
  wireFile,
  wireFolder,
} from "@naru/core";
import { closed, either, oneOf, optional, text } from "@naru/core/schema";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { byIn, callerIn } from "./access.ts";
import type { WritingOptions } from "./batch-routes.ts";
import { bytes, call } from "./call.ts";
import { digestHeaders } from "./digest-headers.ts";
import { directAddress } from "./direct-download.ts";
import { type Exchange, sendFile } from "./download.ts";
import type { App, Reply, Request } from "./fastify.ts";
import { existingFolder, folderPath, foldersOf, storeOf } from "./folder-routes.ts";
import { checkPreconditions } from "./preconditions.ts";
import { bodyChunks, clientSignal, contentLength } from "./request-body.ts";

const tag = "Files";
const key = text("A file's name as a listing gave it, also one that no URL path can carry.", { maxLength: 1024 });
const etag = optional(text("Only if the file has this tag, without quotes: for programs that send no `If-Match`."));
const route = optional(
  oneOf(
    ["direct", "proxy"],
    "With `direct`, a browser that follows a link is redirected to the store where that is safe. Default `proxy`.",
  ),
);
const stat = optional(text("When present, whatever its value: answer what the file is, not its bytes."));
const listQuery = closed({
  prefix: optional(text("Only paths that begin with it.", { maxLength: 1024 })),
  cursor: optional(text("Where the last page ended.", { maxLength: 4096 })),
  limit: optional(text("Files of a page, from 1 to 1000. Default 1000.", { pattern: "^[0-9]{1,4}$" })),
  delimiter: optional(oneOf(["/"], "Fold what lies deeper into `folders`.")),
  key: optional(key),
  stat,
  etag,
  route,
});
const keyQuery = closed({ key, etag });
const conflictName = optional(
  oneOf(["fail", "rename", "overwrite"], "What to do when the path is taken. Default `overwrite`."),
);
const params = closed({ "*": text("The file's path, slashes and all.") });
const ifMatch = {
  "if-match": "Only if the file has one of these tags.",
  "if-unmodified-since": "Only if it is not newer.",
};
const ifNoneMatch = { "if-none-match": "Only if the file has none of these tags; `*`: only if the path is free." };
const reading = {
  range: "One range of bytes.",
  "if-range": "The tag or date that the range is of.",
  "if-modified-since": "Only if it is newer.",
};
const reads = { ...ifMatch, ...ifNoneMatch, ...reading };
const noBody = { mediaType: "application/octet-stream", description: "The headers of a download, without its bytes." };
const theFile = { mediaType: "application/octet-stream", description: "The file's bytes.", json: wireFile };
const rangeOfIt = bytes("The range's bytes.");
const unchanged = "nothing";

const calls = {
  list: call("listFiles", "List files, a page at a time", {
    tag,
    description: "With `key`, the call is that of one file: its bytes, or with `stat` what it is.",
    query: listQuery,
    headers: reads,
    answers: {
      200: { ...theFile, json: either(filePage, wireFile) },
      206: rangeOfIt,
      304: unchanged,
      307: unchanged,
      416: wireError,
    },
    fails: ["not-found", "file-changed"],
  }),
  get: call("getFile", "Download a file, or tell what it is", {
    tag,
    description: "The answer's headers are those of HEAD; a range outside the file is 416.",
    params,
    query: closed({ stat, etag, route }),
    headers: reads,
    answers: { 200: theFile, 206: rangeOfIt, 304: unchanged, 307: unchanged, 416: wireError },
    fails: ["not-found", "file-changed"],
  }),
  head: call("headFile", "Tell what a download would be: size, tag, type, CRC-64", {
    tag,
    params,
    query: closed({ etag }),
    headers: reads,
    answers: { 200: noBody, 206: noBody, 304: unchanged, 416: noBody },
    fails: ["not-found", "file-changed"],
  }),
  headKey: call("headFileByKey", "Tell what a download would be, of a file by its exact name", {
    tag,
    query: keyQuery,
    headers: reads,
    answers: { 200: noBody, 206: noBody, 304: unchanged, 416: noBody },
    fails: ["not-found", "file-changed"],
  }),
  remove: call("removeFile", "Remove a file", {
    tag,
    description: "A missing one is fine. Its folder stays.",
    params,
    headers: { ...ifMatch, ...ifNoneMatch },
    answers: { 204: "nothing" },
    fails: ["not-found", "conflict", "file-changed"],
  }),
  removeKey: call("removeFileByKey", "Remove a file by its exact name", {
    tag,
    query: keyQuery,
    headers: { ...ifMatch, ...ifNoneMatch },
    answers: { 204: "nothing" },
    fails: ["not-found", "conflict", "file-changed"],
  }),
  move: call("move", "Rename a file or a folder", {
    tag,
    description: "A folder goes with all that is in it; it is never replaced.",
    body: moveRequest,
    answers: { 200: either(wireFolder, wireFile) },
    fails: ["not-found", "conflict"],
  }),
  download: call("createDownload", "Get URLs that read a file straight from the store", {
    tag,
    body: downloadRequest,
    answers: { 200: wireDownload },
    fails: ["not-found"],
  }),
  put: call("putFile", "Send a whole file of any length", {
    tag,
    params,
    query: closed({ conflict: conflictName }),
    headers: {
      ...ifMatch,
      ...ifNoneMatch,
      "content-md5": "MD5 of the bytes in base64: other bytes are refused.",
      "naru-crc64": "CRC-64/NVME of the bytes in hex: other bytes are refused.",
    },
    streams: bytes("The file's bytes."),
    answers: { 201: wireFile },
    fails: ["conflict", "file-changed", "short-body", "long-body", "too-large", "checksum-mismatch", "no-space"],
  }),
};

/** Files that have arrived. */
export function fileRoutes(app: App, catalogue: Catalogue): void {
  readRoutes(app, catalogue);
  removeRoutes(app, catalogue);
  moveRoute(app, catalogue);
  downloadRoute(app, catalogue);
}

const forGuests = { callers: ["guest" as const] };

/** Also for callers whose rights are narrow: the store asks them. */
const asked = { callers: ["upload" as const, "guest" as const] };

function readRoutes(app: App, catalogue: Catalogue): void {
  async function show(name: string, { request, reply }: Exchange): Promise<Reply> {
    const files = storeOf(catalogue, request);
    const file = await found(files, existingPath(name));
    if (statIn(request)) return reply.send(toWireFile(file));
    const address = wantsDirect(request) ? await directAddress(file, files, { request, reply }) : undefined;
    if (address === undefined) return sendFile(file, files, { request, reply });
    return reply.header("location", address).code(307).send();
  }

  app.get("/api/files", { schema: calls.list, config: forGuests }, async (request, reply) => {
    const { prefix, cursor, limit = "1000", delimiter, key } = request.query;
    if (key !== undefined) return show(key, { request, reply });
    const count = Math.min(1000, Math.max(1, Number(limit)));
    const options = { prefix, cursor, limit: count, delimiter };
    const page = await storeOf(catalogue, request).list({ ...options, signal: clientSignal(request, reply) });
    return { files: page.files.map(toWireFile), folders: page.folders, cursor: page.cursor };
  });

  app.get("/api/files/*", { schema: calls.get, config: asked }, (request, reply) =>
    show(request.params["*"], { request, reply }),
  );
  app.head("/api/files/*", { schema: calls.head, config: asked }, async (request, reply) => {
    const files = storeOf(catalogue, request);
    const file = await found(files, existingPath(request.params["*"]));
    return sendFile(file, files, { request, reply });
  });
  app.head("/api/files", { schema: calls.headKey, config: forGuests }, (request, reply) =>
    show(request.query.key, { request, reply }),
  );
}

function removeRoutes(app: App, catalogue: Catalogue): void {
  async function remove(name: string, { request, reply }: Exchange): Promise<Reply> {
    const path = existingPath(name);
    const files = storeOf(catalogue, request);
    const check = (): Promise<void> => checkPreconditions(request, { files, path, doing: "remove" });
    await files.remove(path, { check, signal: clientSignal(request, reply) });
    request.log.info({ by: callerIn(request).name, path }, "file removed");
    return reply.code(204).send();
  }

  app.delete("/api/files/*", { schema: calls.remove, config: asked }, (request, reply) =>
    remove(request.params["*"], { request, reply }),
  );
  app.delete("/api/files", { schema: calls.removeKey }, (request, reply) =>
    remove(request.query.key, { request, reply }),
  );
}

function moveRoute(app: App, catalogue: Catalogue): void {
  app.post("/api/move", { schema: calls.move, config: asked }, async (request, reply) => {
    const { from, to, conflict = defaultConflict.move } = request.body;
    const by = callerIn(request).name;
    if (from.endsWith("/")) {
      // Once begun it is done to its end, so that its client waits for that.
      const folder = await foldersOf(catalogue, request).move(existingFolder(from), folderPath(to), { conflict });
      request.log.info({ by, from, folder }, "folder moved");
      return { folder: `${folder}/` };
    }
    const signal = clientSignal(request, reply);
    const source = existingPath(from);
    const file = await storeOf(catalogue, request).move(source, normalizePath(to), { conflict, signal });
    request.log.info({ by, from: source, path: file.path }, "file moved");
    return toWireFile(file);
  });
}

function downloadRoute(app: App, catalogue: Catalogue): void {
  app.post("/api/downloads", { schema: calls.download, config: asked }, async (request, reply) => {
    const files = storeOf(catalogue, request);
    const file = await found(files, existingPath(request.body.path));
    const downloadName = file.path.slice(file.path.lastIndexOf("/") + 1);
    const signal = clientSignal(request, reply);
    const { type = "application/octet-stream" } = file;
    const signed = (await files.presignRead?.(file.path, { downloadName, type, signal })) ?? [];
    return {
      file: toWireFile(file),
      urls: signed.map(({ url }) => url),
      expires: signed[0]?.expires.toISOString(),
    };
  });
}

/** Whole bodies; `app` must not read bodies. */
export function wholeFileRoute(app: App, { catalogue, whole }: WritingOptions): void {
  const { files } = catalogue;
  app.put("/api/files/*", { schema: calls.put }, async (request, reply) => {
    const path = normalizePath(request.params["*"]);
    const check = (): Promise<void> => checkPreconditions(request, { files, path, doing: "write" });
    await check();
    const spec = {
      path,
      size: bodySize(request),
      type: typeIn(request),
      conflict: request.query.conflict ?? defaultConflict.put,
      ...digestHeaders(request),
    };
    const by = byIn(request);
    const file = await whole.write(spec, bodyChunks(request), { by, check, signal: clientSignal(request, reply) });
    request.log.info({ by: by.account, path: file.path, size: file.size }, "file written");
    return reply.code(201).send(toWireFile(file));
  });
}

/** Whether a request asks what a file is, not for its bytes. */
function statIn({ query }: Request): boolean {
  return typeof query === "object" && query !== null && "stat" in query;
}

function wantsDirect({ query }: Request): boolean {
  return typeof query === "object" && query !== null && "route" in query && query.route === "direct";
}

async function found(files: Pick<Files, "stat">, path: string): Promise<StoredFile> {
  const file = await files.stat(path);
  if (file) return file;
  throw new TransferError("not-found", `Cannot find "${path}": there is no such file`);
}

function bodySize(request: Request): number | undefined {
  return request.headers["transfer-encoding"] === undefined ? contentLength(request) : undefined;
}

/** What curl and forms send unasked says nothing of the file. */
function typeIn({ headers }: Request): string | undefined {
  const type = headers["content-type"];
  if (type === undefined || type === "application/x-www-form-urlencoded") return undefined;
  return decodeType(type, "content-type");
}
