import {
  decodeType,
  existingPath,
  type Files,
  normalizePath,
  type StoredFile,
  spellings,
  TransferError,
  toWireFile,
} from "@naru/core";
import { Type } from "typebox";
import type { FolderChanges } from "../catalogue/folder-changes.ts";
import { keepFolderOf } from "../catalogue/kept-folders.ts";
import { moveFile } from "../catalogue/move-file.ts";
import type { PathClaims } from "../catalogue/path-claims.ts";
import type { UploadLedger } from "../uploads/upload-ledger.ts";
import type { WholeFiles } from "../uploads/whole-files.ts";
import { callerIn } from "./access.ts";
import { bodyChunks, clientSignal, contentLength } from "./body.ts";
import { digestHeaders } from "./digest-headers.ts";
import { type Exchange, sendFile } from "./download.ts";
import type { App, Reply, Request } from "./fastify.ts";
import { existingFolder, folderPath } from "./folder-routes.ts";
import { checkPreconditions } from "./preconditions.ts";
import { ok } from "./schemas.ts";

export interface FileRoutesOptions {
  readonly files: Files;
  readonly ledger: UploadLedger;
  readonly claims: PathClaims;
  readonly whole: WholeFiles;
  readonly folders: FolderChanges;
}

const listQuery = Type.Object(
  {
    prefix: Type.Optional(Type.String({ maxLength: 1024 })),
    cursor: Type.Optional(Type.String({ maxLength: 4096 })),
    limit: Type.Optional(Type.String({ pattern: "^[0-9]{1,4}$" })),
    delimiter: Type.Optional(Type.Literal("/")),
    /** One file, by a name that no URL path can carry; then nothing else but `stat`. */
    key: Type.Optional(Type.String({ maxLength: 1024 })),
    stat: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const keyQuery = Type.Object({ key: Type.String({ maxLength: 1024 }) }, { additionalProperties: false });
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
export function fileRoutes(app: App, { files, ledger, claims, folders }: FileRoutesOptions): void {
  async function show(name: string, { request, reply }: Exchange): Promise<Reply> {
    const file = await found(files, ledger, existingPath(name));
    return statIn(request) ? reply.send(toWireFile(file)) : sendFile(file, files, { request, reply });
  }

  async function remove(name: string, { request, reply }: Exchange): Promise<Reply> {
    const path = existingPath(name);
    await ledger.paths.alone(path, async () => {
      await checkPreconditions(request, { files, path, doing: "remove" });
      await files.remove(path, { signal: clientSignal(request, reply) });
      for (const spelling of spellings(path)) {
        await ledger.forgetChecksum(spelling);
        await ledger.facts.forget(spelling);
      }
    });
    await keepFolderOf(files, path, {});
    request.log.info({ by: callerIn(request).name, path }, "file removed");
    return reply.code(204).send();
  }

  app.get("/api/files", { schema: { querystring: listQuery, ...ok("WireFilePage") } }, async (request, reply) => {
    const { prefix, cursor, limit = "1000", delimiter, key } = request.query;
    if (key !== undefined) return show(key, { request, reply });
    const count = Math.min(1000, Math.max(1, Number(limit)));
    const options = { prefix, cursor, limit: count, delimiter };
    const page = await files.list({ ...options, signal: clientSignal(request, reply) });
    const facts = await ledger.facts.lookAll(page.files);
    const dated = page.files.map((file) => {
      const modified = facts.get(file.path)?.modified;
      return typeof modified === "number" ? { ...file, modified: new Date(modified) } : file;
    });
    return { files: dated.map(toWireFile), folders: page.folders, cursor: page.cursor };
  });

  const get = { params: fileParams, querystring: getQuery, ...ok("the file's bytes, or WireFile with ?stat") };
  app.get("/api/files/*", { schema: get }, (request, reply) => show(request.params["*"], { request, reply }));
  app.head("/api/files/*", { schema: { params: fileParams } }, async (request, reply) => {
    const file = await found(files, ledger, existingPath(request.params["*"]));
    return sendFile(file, files, { request, reply });
  });
  app.head("/api/files", { schema: { querystring: keyQuery } }, (request, reply) =>
    show(request.query.key, { request, reply }),
  );

  app.delete("/api/files/*", { schema: { params: fileParams, ...ok("", 204) } }, (request, reply) =>
    remove(request.params["*"], { request, reply }),
  );
  app.delete("/api/files", { schema: { querystring: keyQuery, ...ok("", 204) } }, (request, reply) =>
    remove(request.query.key, { request, reply }),
  );

  const move = { body: moveBody, ...ok("WireFile, or WireFolder of a folder") };
  app.post("/api/move", { schema: move }, async (request, reply) => {
    const { from, to, conflict = "fail" } = request.body;
    const by = callerIn(request).name;
    if (from.endsWith("/")) {
      const folder = await folders.move(existingFolder(from), folderPath(to), { conflict, owner: by });
      request.log.info({ by, from, folder }, "folder moved");
      return { folder: `${folder}/` };
    }
    const signal = clientSignal(request, reply);
    const source = existingPath(from);
    const target = normalizePath(to);
    if (source === target) return toWireFile(await found(files, ledger, source));
    using claim = await claims.claim(target, conflict, { signal });
    const replace = conflict === "overwrite";
    const file = await moveFile({ store: files, ledger }, source, claim.path, { replace, signal });
    await keepFolderOf(files, source, {});
    await ledger.notePublished(file, by);
    request.log.info({ by, from: source, path: file.path }, "file moved");
    return toWireFile(file);
  });

  app.post("/api/downloads", { schema: { body: downloadBody, ...ok("WireDownload") } }, async (request, reply) => {
    const file = await found(files, ledger, existingPath(request.body.path));
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
export function wholeFileRoute(app: App, { files, whole }: Pick<FileRoutesOptions, "files" | "whole">): void {
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

/** Whether a request asks what a file is, not for its bytes. */
function statIn({ query }: Request): boolean {
  return typeof query === "object" && query !== null && "stat" in query;
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
