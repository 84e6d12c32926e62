import { existingPath, normalizePath, TransferError, wireFolder } from "@naru/core";
import { closed, oneOf, optional, text } from "@naru/core/schema";
import type { AccountFolders, AccountStore } from "../catalogue/account-store.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { rightsStore } from "../catalogue/rights-store.ts";
import { rootedStore } from "../catalogue/rooted-store.ts";
import { byIn, callerIn } from "./access.ts";
import { call } from "./call.ts";
import type { App, Request } from "./fastify.ts";
import { clientSignal } from "./request-body.ts";

const tag = "Folders";
const params = closed({ "*": text("The folder's path, with or without a final `/`.") });
const removeQuery = closed({
  recursive: optional(oneOf(["true", "false"], "Whether to remove what is in it, too. Default `false`.")),
});

const calls = {
  get: call("getFolder", "Tell whether there is a folder", {
    tag,
    params,
    answers: { 200: wireFolder },
    fails: ["not-found"],
  }),
  make: call("makeFolder", "Make a folder, and those above it", {
    tag,
    description: "200 when it was there.",
    params,
    answers: { 200: wireFolder, 201: wireFolder },
    fails: ["conflict"],
  }),
  remove: call("removeFolder", "Remove a folder", {
    tag,
    params,
    query: removeQuery,
    answers: { 204: "nothing" },
    fails: ["not-found", "conflict"],
  }),
};

/** Folders, with or without a file in them. */
export function folderRoutes(app: App, catalogue: Catalogue): void {
  app.get("/api/folders/*", { schema: calls.get }, async (request, reply) => {
    const path = existingFolder(request.params["*"]);
    if (await foldersOf(catalogue, request).has(path, { signal: clientSignal(request, reply) }))
      return { folder: `${path}/` };
    throw new TransferError("not-found", `Cannot find the folder "${path}": no such folder`);
  });

  app.put("/api/folders/*", { schema: calls.make }, async (request, reply) => {
    const path = folderPath(request.params["*"]);
    const made = await foldersOf(catalogue, request).create(path, { signal: clientSignal(request, reply) });
    if (made) request.log.info({ by: callerIn(request).name, path }, "folder made");
    return reply.code(made ? 201 : 200).send({ folder: `${path}/` });
  });

  app.delete("/api/folders/*", { schema: calls.remove }, async (request, reply) => {
    const path = existingFolder(request.params["*"]);
    const recursive = request.query.recursive === "true";
    await foldersOf(catalogue, request).removeAll(path, { recursive });
    request.log.info({ by: callerIn(request).name, path, recursive }, "folder removed");
    return reply.code(204).send();
  });
}

/** The store as its caller sees it, and may change it. */
export function storeOf(catalogue: Catalogue, request: Request): AccountStore {
  const { root } = callerIn(request);
  const store = allowedStore(catalogue, request);
  return root === undefined ? store : rootedStore(store, root);
}

/** The same under the paths that the catalogue knows, for what is looked up there; `pathIn` gives them. */
export function allowedStore(catalogue: Catalogue, request: Request): AccountStore {
  return rightsStore(catalogue.for(byIn(request)), callerIn(request).rights);
}

/** The path of a file or folder that its caller names; `/` is all that the caller sees. */
export function pathIn(request: Request, path: string): string {
  const { root = "" } = callerIn(request);
  const shared = request.guest?.share;
  // Of one file, the folder that it lies in is nobody's to know.
  if (path === "/" && shared?.kind === "share") return shared.path;
  return path === "/" ? root || path : root + path;
}

/** The folders as their caller sees them. @throws {TransferError} `unsupported` where the store has none */
export function foldersOf(catalogue: Catalogue, request: Request): AccountFolders {
  const { folders } = storeOf(catalogue, request);
  if (folders) return folders;
  throw new TransferError("unsupported", "Cannot change folders: the store has none");
}

/** Read the path of a folder that is there, whoever named it, with or without its final `/`. @throws {TransferError} `invalid` */
export function existingFolder(text: string): string {
  return existingPath(text.replace(/\/$/u, ""));
}

/** Read the path that a folder will have, with or without its final `/`. @throws {TransferError} `invalid` */
export function folderPath(text: string): string {
  return normalizePath(text.replace(/\/$/u, ""));
}
