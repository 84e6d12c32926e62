import { decodeType, type Files, normalizePath, type StoredFile, TransferError, toWireFile } from "@naru/core";
import { Type } from "typebox";
import { moveFile } from "../uploads/move-file.ts";
import type { PathClaims } from "../uploads/path-claims.ts";
import type { UploadLedger } from "../uploads/upload-ledger.ts";
import type { WholeFiles } from "../uploads/whole-files.ts";
import { callerIn } from "./access.ts";
import { bodyChunks, clientSignal, contentLength } from "./body.ts";
import { digestHeaders } from "./digest-headers.ts";
import { sendFile } from "./download.ts";
import type { App, Request } from "./fastify.ts";
import { checkPreconditions } from "./preconditions.ts";
import { ok } from "./schemas.ts";

export interface FileRoutesOptions {
  readonly files: Files;
  readonly ledger: UploadLedger;
  readonly claims: PathClaims;
  readonly whole: WholeFiles;
}

const listQuery = Type.Object(
  {
    prefix: Type.Optional(Type.String({ maxLength: 1024 })),
    cursor: Type.Optional(Type.String({ maxLength: 4096 })),
    limit: Type.Optional(Type.String({ pattern: "^[0-9]{1,4}$" })),
    delimiter: Type.Optional(Type.Literal("/")),
  },
  { additionalProperties: false },
);
const conflictName = Type.Enum(["fail", "rename", "overwrite"]);
const getQuery = Type.Object({ stat: Type.Optional(Type.String()) }, { additionalProperties: false });
const putQuery = Type.Object({ conflict: Type.Optional(conflictName) }, { additionalProperties: false });
const fileParams = Type.Object({ "*": Type.String() });
const moveBody = Type.Object(
  { from: Type.String(), to: Type.String(), conflict: Type.Optional(conflictName) },
  { additionalProperties: false },
);
const downloadBody = Type.Object({ path: Type.String() }, { additionalProperties: false });

/** Files that have arrived. */
export function fileRoutes(app: App, { files, ledger, claims }: FileRoutesOptions): void {
  app.get("/api/files", { schema: { querystring: listQuery, ...ok("WireFilePage") } }, async (request, reply) => {
    const { prefix, cursor, limit = "1000", delimiter } = request.query;
    const count = Math.min(1000, Math.max(1, Number(limit)));
    const options = { prefix: prefix?.normalize("NFC"), cursor, limit: count, delimiter };
    const page = await files.list({ ...options, signal: clientSignal(request, reply) });
    const facts = await ledger.facts.lookAll(page.files);
    const dated = page.files.map((file) => {
      const modified = facts.get(file.path)?.modified;
      return typeof modified === "number" ? { ...file, modified: new Date(modified) } : file;
    });
    return { files: dated.map(toWireFile), folders: page.folders, cursor: page.cursor };
  });

  const get = { params: fileParams, querystring: getQuery, ...ok("the file's bytes, or WireFile with ?stat") };
  app.get("/api/files/*", { schema: get }, async (request, reply) => {
    const file = await found(files, ledger, normalizePath(request.params["*"]));
    return request.query.stat === undefined ? sendFile(file, files, { request, reply }) : reply.send(toWireFile(file));
  });
  app.head("/api/files/*", { schema: { params: fileParams } }, async (request, reply) => {
    const file = await found(files, ledger, normalizePath(request.params["*"]));
    return sendFile(file, files, { request, reply });
  });

  app.delete("/api/files/*", { schema: { params: fileParams, ...ok("", 204) } }, async (request, reply) => {
    const path = normalizePath(request.params["*"]);
    await ledger.paths.alone(path, async () => {
      await checkPreconditions(request, { files, path, doing: "remove" });
      await files.remove(path, { signal: clientSignal(request, reply) });
      await ledger.forgetChecksum(path);
    });
    request.log.info({ by: callerIn(request).name, path }, "file removed");
    return reply.code(204).send();
  });

  app.post("/api/move", { schema: { body: moveBody, ...ok("WireFile") } }, async (request, reply) => {
    const { from, to, conflict = "fail" } = request.body;
    const signal = clientSignal(request, reply);
    const source = normalizePath(from);
    const target = normalizePath(to);
    using claim = await claims.claim(target, conflict, { signal });
    const replace = conflict === "overwrite";
    const file = await moveFile({ store: files, ledger }, source, claim.path, { replace, signal });
    const by = callerIn(request).name;
    await ledger.notePublished(file, by);
    request.log.info({ by, from: source, path: file.path }, "file moved");
    return toWireFile(file);
  });

  app.post("/api/downloads", { schema: { body: downloadBody, ...ok("WireDownload") } }, async (request, reply) => {
    const file = await found(files, ledger, normalizePath(request.body.path));
    const downloadName = file.path.slice(file.path.lastIndexOf("/") + 1);
    const signal = clientSignal(request, reply);
    const signed = (await files.presignRead?.(file.path, { downloadName, signal })) ?? [];
    return {
      file: toWireFile(file),
      urls: signed.map(({ url }) => url),
      expires: signed[0]?.expires.toISOString(),
    };
  });
}

/** Whole bodies; `app` must not read bodies. */
export function wholeFileRoute(app: App, { files, whole }: FileRoutesOptions): void {
  const schema = { params: fileParams, querystring: putQuery, ...ok("WireFile", 201) };
  app.put("/api/files/*", { schema }, async (request, reply) => {
    const path = normalizePath(request.params["*"]);
    const check = (): Promise<void> => checkPreconditions(request, { files, path, doing: "write" });
    await check();
    const spec = {
      path,
      size: bodySize(request),
      type: typeIn(request),
      conflict: request.query.conflict ?? "overwrite",
      ...digestHeaders(request),
    };
    const options = { owner: callerIn(request).name, check, signal: clientSignal(request, reply) };
    const file = await whole.write(spec, bodyChunks(request), options);
    request.log.info({ by: options.owner, path: file.path, size: file.size }, "file written");
    return reply.code(201).send(toWireFile(file));
  });
}

async function found(files: Files, ledger: UploadLedger, path: string): Promise<StoredFile> {
  const file = await files.stat(path);
  if (file) return ledger.withChecksum(file);
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
