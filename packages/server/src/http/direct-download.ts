import type { Files, StoredFile } from "@naru/core";
import { callerIn } from "./access.ts";
import type { Exchange } from "./download.ts";
import type { Request } from "./fastify.ts";
import { etagIn, isSameContent, weighConditions } from "./preconditions.ts";
import { clientSignal } from "./request-body.ts";

/** A browser goes on with the store's address when it resumes, so it should outlast a night. */
const lifeSeconds = 12 * 60 * 60;

/**
 * The store's own address of a file, for a browser that asks for it; `undefined` where the bytes are to come through this
 * server. They do in doubt: only a browser's navigation is sure to follow, and to keep from the store what it signed in by.
 */
export async function directAddress(
  file: StoredFile,
  { presignRead }: Pick<Files, "presignRead">,
  { request, reply }: Exchange,
): Promise<string | undefined> {
  if (presignRead === undefined || file.size === 0 || !isNavigation(request) || !isMet(request, file)) return undefined;
  const { path, type = "application/octet-stream" } = file;
  const signal = clientSignal(request, reply);
  const downloadName = path.slice(path.lastIndexOf("/") + 1);
  // A store that cannot be asked is no reason to fail: this server may reach it in another way.
  const signed = await presignRead(path, { downloadName, type, lifeSeconds, resumable: true, signal }).catch(() => []);
  return signed.map(({ url }) => url).find((url) => isSafe(new URL(url), request));
}

/** Programs that send a password of their own send it on to wherever they are led: aria2c, wget, axel. */
function isNavigation(request: Request): boolean {
  const { headers, method } = request;
  const isBrowser = headers.authorization === undefined && headers["sec-fetch-mode"] === "navigate";
  return method === "GET" && isBrowser && callerIn(request).by === "session";
}

/** What fails is answered here, and a range of what has changed by the whole. */
function isMet(request: Request, file: StoredFile): boolean {
  const etag = etagIn(request);
  const ifRange = request.headers["if-range"];
  if (etag !== undefined && etag !== file.etag) return false;
  return (
    weighConditions(request, file) === "met" && isSameContent(typeof ifRange === "string" ? ifRange : undefined, file)
  );
}

/** Cookies know no ports: one of the same name would get ours. Browsers do not let a page by https load by http. */
function isSafe({ hostname, protocol }: URL, request: Request): boolean {
  return (
    hostname.toLowerCase() !== request.hostname.toLowerCase() && (protocol === "https:" || request.protocol === "http")
  );
}
