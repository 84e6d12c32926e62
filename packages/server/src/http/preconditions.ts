import { type Files, TransferError } from "@naru/core";
import type { Request } from "./fastify.ts";
import { parseHttpDate, wholeSeconds } from "./http-date.ts";

/** What tells one content from another. */
export interface Content {
  readonly etag: string;
  /** Absent where a date does not tell: then conditions by date are as those of a content without one. */
  readonly modified?: Date | undefined;
}

/** What a request's conditions come to. */
export type Verdict = "met" | "changed" | "there" | "unchanged";

/** Whether a list of entity tags names this one (RFC 9110 8.8.3.2; a store's tags change with every content). */
export function namesTag(list: string, tag: string): boolean {
  return list.trim() === "*" || list.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}

/** The tag of a file's content. */
export function tagOf({ etag }: Content): string {
  return `"${etag}"`;
}

/**
 * Weigh the conditions in the order of RFC 9110 13.2.2: a date counts only where no tag does, and dates that are none, or
 * of a file that is not there, do not count at all.
 */
export function weighConditions({ headers, method }: Request, file: Content | undefined): Verdict {
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  const { "if-unmodified-since": unmodifiedSince, "if-modified-since": modifiedSince } = headers;
  if (match !== undefined) {
    if (!(file && namesTag(match, tagOf(file)))) return "changed";
  } else if (isModified(file, unmodifiedSince) === true) return "changed";
  const reading = method === "GET" || method === "HEAD";
  if (noneMatch !== undefined) {
    if (file && namesTag(noneMatch, tagOf(file))) return reading ? "unchanged" : "there";
  } else if (reading && isModified(file, modifiedSince) === false) return "unchanged";
  return "met";
}

/** Whether `If-Range` lets a range be sent (RFC 9110 13.1.5): by the very tag, or the very date of the file. */
export function isSameContent(ifRange: string | undefined, file: Content): boolean {
  if (ifRange === undefined || ifRange === tagOf(file)) return true;
  return file.modified !== undefined && parseHttpDate(ifRange, Date.now()) === wholeSeconds(file.modified);
}

/** Refuse to change a file that is not what the request's conditions say (RFC 9110 13). @throws {TransferError} `conflict` */
export async function checkPreconditions(
  request: Request,
  { files, path, doing }: { readonly files: Pick<Files, "stat">; readonly path: string; readonly doing: string },
): Promise<void> {
  if (!isConditional(request)) return;
  const verdict = weighConditions(request, await files.stat(path));
  if (verdict === "met") return;
  const why = verdict === "there" ? "it is there" : "it has changed";
  throw new TransferError("conflict", `Cannot ${doing} "${path}": ${why}`);
}

/** Whether a request is to fail (412) unless a file is what it says. */
export function isConditional(request: Request): boolean {
  const { headers } = request;
  const names = ["if-match", "if-none-match", "if-unmodified-since"];
  return names.some((name) => headers[name] !== undefined) || etagIn(request) !== undefined;
}

/** The etag in a request's address: programs that resume send no condition of their own. */
export function etagIn({ query }: Request): string | undefined {
  const given = typeof query === "object" && query !== null && "etag" in query ? query.etag : undefined;
  return typeof given === "string" ? given : undefined;
}

function isModified(file: Content | undefined, since: string | undefined): boolean | undefined {
  const date = since === undefined ? undefined : parseHttpDate(since, Date.now());
  return file?.modified === undefined || date === undefined ? undefined : wholeSeconds(file.modified) > date;
}
