import { existingPath, normalizePath, TransferError, wireFolder } from "@naru/core";
import { closed, oneOf, optional, text } from "@naru/core/schema";
import type { FolderChanges } from "../catalogue/folder-changes.ts";
import { callerIn } from "./access.ts";
import { clientSignal } from "./body.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";

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
export function folderRoutes(app: App, folders: FolderChanges): void {
  app.get("/api/folders/*", { schema: calls.get }, async (request, reply) => {
    const path = existingFolder(request.params["*"]);
    if (await folders.has(path, { signal: clientSignal(request, reply) })) return { folder: `${path}/` };
    throw new TransferError("not-found", `Cannot find the folder "${path}": no such folder`);
  });

  app.put("/api/folders/*", { schema: calls.make }, async (request, reply) => {
    const path = folderPath(request.params["*"]);
    const made = await folders.make(path, { signal: clientSignal(request, reply) });
    if (made) request.log.info({ by: callerIn(request).name, path }, "folder made");
    return reply.code(made ? 201 : 200).send({ folder: `${path}/` });
  });

  app.delete("/api/folders/*", { schema: calls.remove }, async (request, reply) => {
    const path = existingFolder(request.params["*"]);
    const recursive = request.query.recursive === "true";
    const owner = callerIn(request).name;
    await folders.remove(path, { recursive, owner });
    request.log.info({ by: owner, path, recursive }, "folder removed");
    return reply.code(204).send();
  });
}

/** Read the path of a folder that is there, whoever named it, with or without its final `/`. @throws {TransferError} `invalid` */
export function existingFolder(text: string): string {
  return existingPath(text.replace(/\/$/u, ""));
}

/** Read the path that a folder will have, with or without its final `/`. @throws {TransferError} `invalid` */
export function folderPath(text: string): string {
  return normalizePath(text.replace(/\/$/u, ""));
}
