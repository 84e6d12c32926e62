import { type Files, type StoredFile, TransferError } from "@naru/core";
import type { Request } from "./fastify.ts";

/** Whether a list of entity tags names this one (RFC 9110 8.8.3.2; a store's tags change with every content). */
export function namesTag(list: string, tag: string): boolean {
  return list.trim() === "*" || list.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}

/** The tag of a file's content. */
export function tagOf({ etag }: StoredFile): string {
  return `"${etag}"`;
}

/** Refuse to change a file that is not what the request's If-Match and If-None-Match say (RFC 9110 13). @throws {TransferError} `conflict` */
export async function checkPreconditions(
  { headers }: Request,
  { files, path, doing }: { readonly files: Pick<Files, "stat">; readonly path: string; readonly doing: string },
): Promise<void> {
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return;
  const file = await files.stat(path);
  if (match !== undefined && !(file && namesTag(match, tagOf(file)))) {
    throw new TransferError("conflict", `Cannot ${doing} "${path}": it has changed`);
  }
  if (noneMatch !== undefined && file && namesTag(noneMatch, tagOf(file))) {
    throw new TransferError("conflict", `Cannot ${doing} "${path}": it is there`);
  }
}
