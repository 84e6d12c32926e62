import {
  copyRequest,
  defaultConflict,
  existingPath,
  normalizePath,
  toWireFile,
  wireFile,
  wireFolder,
} from "@naru/core";
import { either } from "@naru/core/schema";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { callerIn } from "./access.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";
import { existingFolder, folderPath, foldersOf, storeOf } from "./folder-routes.ts";
import { clientSignal } from "./request-body.ts";

const copy = call("copy", "Copy a file or a folder", {
  tag: "Files",
  description:
    "A folder goes with all that is in it. The store copies where it can; else the bytes pass through this server.",
  body: copyRequest,
  answers: { 200: either(wireFolder, wireFile) },
  fails: ["not-found", "conflict", "no-space"],
});

/** Copies of what is there. */
export function copyRoute(app: App, catalogue: Catalogue): void {
  app.post("/api/copy", { schema: copy }, async (request, reply) => {
    const { from, to, conflict = defaultConflict.copy } = request.body;
    const by = callerIn(request).name;
    if (from.endsWith("/")) {
      // As the rename of a folder: once begun it is done to its end.
      const folder = await foldersOf(catalogue, request).copy(existingFolder(from), folderPath(to), { conflict });
      request.log.info({ by, from, folder }, "folder copied");
      return { folder: `${folder}/` };
    }
    const signal = clientSignal(request, reply);
    const source = existingPath(from);
    const file = await storeOf(catalogue, request).copy(source, normalizePath(to), { conflict, signal });
    request.log.info({ by, from: source, path: file.path }, "file copied");
    return toWireFile(file);
  });
}
