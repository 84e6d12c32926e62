import { existingPath, normalizePath, TransferError } from "@naru/core";
import { Type } from "typebox";
import type { FolderChanges } from "../catalogue/folder-changes.ts";
import { callerIn } from "./access.ts";
import { clientSignal } from "./body.ts";
import type { App } from "./fastify.ts";
import { ok } from "./schemas.ts";

const folderParams = Type.Object({ "*": Type.String() });
const removeQuery = Type.Object(
  { recursive: Type.Optional(Type.Enum(["true", "false"])) },
  { additionalProperties: false },
);

/** Folders, with or without a file in them. */
export function folderRoutes(app: App, folders: FolderChanges): void {
  const params = { params: folderParams };
  app.get("/api/folders/*", { schema: { ...params, ...ok("WireFolder") } }, async (request, reply) => {
    const path = existingFolder(request.params["*"]);
    if (await folders.has(path, { signal: clientSignal(request, reply) })) return { folder: `${path}/` };
    throw new TransferError("not-found", `Cannot find the folder "${path}": no such folder`);
  });

  app.put("/api/folders/*", { schema: { ...params, ...ok("WireFolder", 201) } }, async (request, reply) => {
    const path = folderPath(request.params["*"]);
    const made = await folders.make(path, { signal: clientSignal(request, reply) });
    if (made) request.log.info({ by: callerIn(request).name, path }, "folder made");
    return reply.code(made ? 201 : 200).send({ folder: `${path}/` });
  });

  const remove = { ...params, querystring: removeQuery, ...ok("", 204) };
  app.delete("/api/folders/*", { schema: remove }, async (request, reply) => {
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
