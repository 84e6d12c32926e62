import { isHidden, TransferError } from "@naru/core";
import { closed, flag, list, message, object, oneOf, optional, text, whole } from "@naru/core/schema";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { callerIn } from "./access.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";

const tag = "Files";
const moving = message(
  "Move",
  "A move or copy that takes long.",
  object({
    id: text("Its id."),
    from: text("Where it is from."),
    to: text("Where it goes."),
    copies: flag("Whether what is at `from` stays."),
    entry: oneOf(["file", "folder"], "What is moved."),
    bytes: whole("Bytes that were copied of the files that are on their way."),
    size: optional(whole("Of a single file.")),
    files: whole("Files that are there."),
    ofFiles: whole("Files in all."),
  }),
);
const calls = {
  list: call("listMoves", "List the moves and copies that run", {
    tag,
    description:
      "Folders, and files that are copied to be moved. Each continues without its client, and resumes after a restart of the server; the same call as before waits for its end.",
    answers: { 200: message("Moves", "Those of the caller.", object({ moves: list(moving, "The oldest first.") })) },
  }),
  cancel: call("cancelMove", "Stop a move or copy", {
    tag,
    description: "What is at its new name stays there, and the rest where it was. No part of a file is left.",
    params: closed({ id: text("Its id.", { maxLength: 64 }) }),
    answers: { 204: "nothing" },
    fails: ["not-found"],
  }),
};

/** Moves and copies that take long: how far they are, and their end. */
export function moveRoutes(app: App, catalogue: Catalogue): void {
  const own = (account: string) =>
    catalogue.listMoves(account).filter(({ from, to }) => !isHidden(from) && !isHidden(to));

  app.get("/api/moves", { schema: calls.list }, async (request) => {
    return { moves: own(callerIn(request).name).map(({ by: _, ...move }) => move) };
  });

  app.delete("/api/moves/:id", { schema: calls.cancel }, async (request, reply) => {
    const { id } = request.params;
    const { name } = callerIn(request);
    const isOwn = own(name).some((move) => move.id === id);
    if (!isOwn || !catalogue.cancelMove(id))
      throw new TransferError("not-found", `Cannot stop the move "${id}": it does not run`);
    request.log.info({ by: name, move: id }, "move cancelled");
    return reply.code(204).send();
  });
}
