/**
 * Files that are shown, not saved. Whoever sent them may mean harm: a type is taken from a short list and never from the
 * file, nothing in an answer may run, load or be framed by other sites, and what is not on the list is not answered at all.
 *
 * @module
 */

import { existingPath, previewType, TransferError, wireError } from "@naru/core";
import { closed, text } from "@naru/core/schema";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { bytes, call } from "./call.ts";
import { type Exchange, sendFile } from "./download.ts";
import type { App, Reply, Request } from "./fastify.ts";
import { storeOf } from "./folder-routes.ts";

const parts = {
  tag: "Files",
  description:
    "Inline, with a type by the end of the name: images, video, audio, PDF. Others are `unsupported`. The answer's policy lets nothing in it run.",
  headers: {
    range: "One range of bytes.",
    "if-range": "The tag or date that the range is of.",
    "if-none-match": "Only if the file has none of these tags.",
  },
  answers: {
    200: bytes("The file's bytes."),
    206: bytes("The range's bytes."),
    304: "nothing",
    416: wireError,
  },
  fails: ["not-found", "unsupported", "file-changed"],
} as const;

const calls = {
  byPath: call("getPreview", "Show a file in the page", {
    ...parts,
    params: closed({ "*": text("The file's path, slashes and all.") }),
  }),
  byKey: call("getPreviewByKey", "Show a file in the page, by its exact name", {
    ...parts,
    query: closed({ key: text("A file's name as a listing gave it.", { maxLength: 1024 }) }),
  }),
};

/** Whatever a browser makes of the bytes, it is nobody's page: without scripts, forms, requests or this site's cookies. */
const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/** Show files, also to guests whose link lets them look. */
export function previewRoutes(app: App, catalogue: Catalogue): void {
  async function show(name: string, { request, reply }: Exchange): Promise<Reply> {
    checkGuest(request);
    const path = existingPath(name);
    const shown = previewType(path);
    if (shown === undefined)
      throw new TransferError("unsupported", `Cannot show "${path}": its type is not on the list`);
    const files = storeOf(catalogue, request);
    const file = await files.stat(path);
    if (file === undefined) throw new TransferError("not-found", `Cannot show "${path}": there is no such file`);
    reply
      .header("content-security-policy", policy)
      .header("x-frame-options", "SAMEORIGIN")
      .header("cross-origin-resource-policy", "same-origin");
    return sendFile({ ...file, type: shown.type }, files, { request, reply }, { inline: true });
  }

  const config = { callers: ["guest" as const] };
  app.get("/api/previews/*", { schema: calls.byPath, config }, (request, reply) =>
    show(request.params["*"], { request, reply }),
  );
  app.get("/api/previews", { schema: calls.byKey, config }, (request, reply) =>
    show(request.query.key, { request, reply }),
  );
}

/** A look is a download that nobody counts: links that count them have none. */
function checkGuest({ guest }: Request): void {
  if (guest === undefined || (guest.share.preview === 1 && guest.share.max_downloads === null)) return;
  throw new TransferError("forbidden", "Cannot show files: this link is for downloads only");
}
