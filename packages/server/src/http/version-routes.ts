import { existingPath, TransferError, toWireFile, versionPage, versionRequest, wireFile } from "@naru/core";
import { closed, optional, text } from "@naru/core/schema";
import type { AccountStore } from "../catalogue/account-store.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { callerIn } from "./access.ts";
import { call } from "./call.ts";
import { sendFile } from "./download.ts";
import type { App } from "./fastify.ts";
import { storeOf } from "./folder-routes.ts";
import { clientSignal } from "./request-body.ts";

const tag = "Files";
const path = text("The file, also one that was removed.", { maxLength: 1024 });

const calls = {
  list: call("listVersions", "List what a file was", {
    tag,
    description: "Empty where the store keeps nothing of it.",
    query: closed({
      path,
      cursor: optional(text("Where the last page ended.", { maxLength: 1024 })),
      limit: optional(text("Versions of a page, from 1 to 1000. Default 100.", { pattern: "^[0-9]{1,4}$" })),
    }),
    answers: { 200: versionPage },
  }),
  read: call("getVersion", "Download what a file was", {
    tag,
    query: closed({ path, version: text("The version.", { maxLength: 1024 }) }),
    headers: { range: "One range of bytes.", "if-range": "The tag or date that the range is of." },
    answers: {
      200: { mediaType: "application/octet-stream", description: "The bytes of the version." },
      206: { mediaType: "application/octet-stream", description: "The bytes of the range." },
      304: "nothing",
    },
    fails: ["not-found", "file-changed", "unsupported"],
  }),
  restore: call("restoreVersion", "Make a file what it was", {
    tag,
    description: "What it is now stays as a version.",
    body: versionRequest,
    answers: { 200: wireFile },
    fails: ["not-found", "conflict", "unsupported"],
  }),
};

/** What files were, where their store keeps that. */
export function versionRoutes(app: App, catalogue: Catalogue): void {
  app.get("/api/versions", { schema: calls.list }, async (request, reply) => {
    const { cursor, limit = "100" } = request.query;
    const files = storeOf(catalogue, request);
    const name = await nameIn(files, existingPath(request.query.path));
    if (!(await files.versions?.keeps(name))) return { versions: [] };
    const options = { cursor, limit: Math.min(1000, Math.max(1, Number(limit))), signal: clientSignal(request, reply) };
    const page = await versionsOf(files).list(name, options);
    const versions = page.versions.map((one) => ({ ...one, modified: one.modified.toISOString() }));
    return { versions, cursor: page.cursor };
  });

  app.get("/api/versions/content", { schema: calls.read }, async (request, reply) => {
    const files = storeOf(catalogue, request);
    const versions = versionsOf(files);
    const { version } = request.query;
    const name = await nameIn(files, existingPath(request.query.path));
    const file = await versions.stat(name, version);
    if (!file) throw new TransferError("not-found", `Cannot read "${name}": it has no version "${version}"`);
    return sendFile(file, { read: (_path, options) => versions.read(name, version, options) }, { request, reply });
  });

  app.post("/api/versions", { schema: calls.restore }, async (request) => {
    const files = storeOf(catalogue, request);
    const { version } = request.body;
    const name = await nameIn(files, existingPath(request.body.path));
    const file = await versionsOf(files).restore(name, version);
    request.log.info({ by: callerIn(request).name, path: name, version }, "version restored");
    return toWireFile(file);
  });
}

/** The spelling that the file has; as it was asked for where it is gone. */
async function nameIn(files: AccountStore, asked: string): Promise<string> {
  return (await files.stat(asked))?.path ?? asked;
}

function versionsOf({ versions }: AccountStore): NonNullable<AccountStore["versions"]> {
  if (versions) return versions;
  throw new TransferError("unsupported", "Cannot find what the file was: the store does not keep that");
}
