import {
  binPage,
  binRequest,
  existingPath,
  normalizePath,
  restoreRequest,
  TransferError,
  toWireFile,
  type WireBinItem,
  wireBinItem,
  wireFile,
  wireFolder,
} from "@naru/core";
import { closed, either, optional, text } from "@naru/core/schema";
import type { BinItem } from "../catalogue/bin-items.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { callerIn } from "./access.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";
import { existingFolder, folderPath, storeOf } from "./folder-routes.ts";
import { clientSignal } from "./request-body.ts";

const tag = "Bin";
const params = closed({ id: text("The item.") });

const calls = {
  put: call("binPath", "Put a file or folder into the bin", {
    tag,
    description: "501 where there is no bin: `DELETE` removes for good.",
    body: binRequest,
    answers: { 201: wireBinItem },
    fails: ["not-found", "conflict", "unsupported"],
  }),
  list: call("listBin", "List what is in the bin", {
    tag,
    query: closed({
      cursor: optional(text("Where the last page ended.", { maxLength: 100 })),
      limit: optional(text("Items of a page, from 1 to 1000. Default 1000.", { pattern: "^[0-9]{1,4}$" })),
    }),
    answers: { 200: binPage },
  }),
  restore: call("restoreFromBin", "Restore a file or folder from the bin", {
    tag,
    description: "Where something else has its name, it gets the next free one.",
    params,
    body: restoreRequest,
    answers: { 200: either(wireFolder, wireFile) },
    fails: ["not-found", "conflict"],
  }),
  remove: call("removeFromBin", "Remove an item of the bin for good", {
    tag,
    params,
    answers: { 204: "nothing" },
    fails: ["not-found"],
  }),
  empty: call("emptyBin", "Remove everything in the bin for good", { tag, answers: { 204: "nothing" } }),
};

/** What was removed, and can be restored. */
export function binRoutes(app: App, catalogue: Catalogue): void {
  app.post("/api/bin", { schema: calls.put }, async (request, reply) => {
    const { path } = request.body;
    const { bin } = storeOf(catalogue, request);
    const isFolder = path.endsWith("/");
    const signal = clientSignal(request, reply);
    const item = isFolder
      ? await bin.put(existingFolder(path), { entry: "folder", signal })
      : await bin.put(existingPath(path), { entry: "file", signal });
    request.log.info({ by: callerIn(request).name, path, id: item.id }, "put into the bin");
    return reply.code(201).send(toWireItem(item));
  });

  app.get("/api/bin", { schema: calls.list }, async (request) => {
    const { cursor, limit = "1000" } = request.query;
    const { bin } = storeOf(catalogue, request);
    const page = await bin.list({ cursor, limit: Math.min(1000, Math.max(1, Number(limit))) });
    return { items: page.items.map(toWireItem), cursor: page.cursor };
  });

  app.post("/api/bin/:id/restore", { schema: calls.restore }, async (request, reply) => {
    const files = storeOf(catalogue, request);
    const { to } = request.body;
    const target = to === undefined ? undefined : (to.endsWith("/") ? folderPath : normalizePath)(to);
    const options = { to: target, signal: clientSignal(request, reply) };
    const { entry, to: path } = await files.bin.restore(request.params.id, options);
    request.log.info({ by: callerIn(request).name, path, id: request.params.id }, "restored from the bin");
    if (entry === "folder") return { folder: `${path}/` };
    const file = await files.stat(path);
    if (file) return toWireFile(file);
    throw new TransferError("not-found", `Cannot find "${path}": it was removed just after it was restored`);
  });

  app.delete("/api/bin/:id", { schema: calls.remove }, async (request, reply) => {
    await storeOf(catalogue, request).bin.remove(request.params.id);
    request.log.info({ by: callerIn(request).name, id: request.params.id }, "removed from the bin");
    return reply.code(204).send();
  });

  app.delete("/api/bin", { schema: calls.empty }, async (request, reply) => {
    await storeOf(catalogue, request).bin.empty();
    request.log.info({ by: callerIn(request).name }, "bin emptied");
    return reply.code(204).send();
  });
}

function toWireItem({ account, entry, expires, files, id, path, removed, size }: BinItem): WireBinItem {
  return {
    id,
    path: entry === "folder" ? `${path}/` : path,
    size,
    files,
    removed: new Date(removed).toISOString(),
    by: account,
    expires: new Date(expires).toISOString(),
  };
}
