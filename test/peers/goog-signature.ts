/**
 * Checks GOOG4-RSA-SHA256 signatures as Google Cloud Storage does, by its documents alone: nothing here is shared with the
 * code that makes them. https://cloud.google.com/storage/docs/authentication/canonical-requests and .../signatures
 */

import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is refused: status and code as Google has them. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface ServiceAccount {
  readonly email: string;
  readonly publicKey: KeyObject;
}

/** Read a key file; of its private key only the public half is kept. */
export function accountIn(keyFile: string): ServiceAccount {
  const { client_email: email, private_key: pem } = JSON.parse(keyFile);
  return { email, publicKey: createPublicKey(pem) };
}

export interface Checked {
  readonly signedIn: "query" | "headers";
  /** The SHA-256 that the body must have, where it is signed. */
  readonly bodyHash?: string | undefined;
}

interface Claim {
  readonly credential: string;
  readonly time: string;
  readonly names: readonly string[];
  readonly signature: string;
  readonly expires?: number | undefined;
}

const quarterHourMs = 900_000;

/** @throws {Refusal} */
export function checkSignature(request: IncomingMessage, { email, publicKey }: ServiceAccount): Checked {
  const [path = "", search = ""] = (request.url ?? "").split("?");
  const pairs = pairsOf(search);
  const claim = claimIn(request, new Map(pairs));
  const scope = `${claim.time.slice(0, 8)}/auto/storage/goog4_request`;
  if (claim.credential !== `${email}/${scope}`) throw new Refusal(403, "AccessDenied", "Unknown credential");
  checkTime(claim);
  checkHeaders(request, claim);
  const signedIn = claim.expires === undefined ? "headers" : "query";
  if (signedIn === "query" && request.method === "POST") {
    throw new Refusal(403, "AccessDenied", "A signed URL may be used for POST only to start a resumable upload");
  }
  const hash = request.headers["x-goog-content-sha256"];
  const body = typeof hash === "string" ? hash : "UNSIGNED-PAYLOAD";
  const lines = claim.names.map((name) => `${name}:${String(request.headers[name]).trim().replace(/\s+/g, " ")}\n`);
  const query = pairs
    .filter(([name]) => name !== "X-Goog-Signature")
    .map(([name, value]) => [encoded(name), encoded(value)])
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const canonical = [request.method, path, query, lines.join(""), claim.names.join(";"), body].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const text = ["GOOG4-RSA-SHA256", claim.time, scope, digest].join("\n");
  if (!verify("sha256", Buffer.from(text), publicKey, Buffer.from(claim.signature, "hex"))) {
    throw new Refusal(403, "SignatureDoesNotMatch", "Access denied.");
  }
  return { signedIn, bodyHash: body === "UNSIGNED-PAYLOAD" ? undefined : body };
}

function claimIn({ headers }: IncomingMessage, query: ReadonlyMap<string, string>): Claim {
  if (query.get("X-Goog-Algorithm") === "GOOG4-RSA-SHA256") {
    return {
      credential: query.get("X-Goog-Credential") ?? "",
      time: query.get("X-Goog-Date") ?? "",
      names: (query.get("X-Goog-SignedHeaders") ?? "").split(";"),
      signature: query.get("X-Goog-Signature") ?? "",
      expires: Number(query.get("X-Goog-Expires")),
    };
  }
  const form = /^GOOG4-RSA-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/;
  const [, credential = "", names = "", signature = ""] = form.exec(headers.authorization ?? "") ?? [];
  if (signature === "") throw new Refusal(403, "AccessDenied", "Anonymous caller");
  return { credential, time: String(headers["x-goog-date"]), names: names.split(";"), signature };
}

function checkTime({ time, expires }: Claim): void {
  const date = Date.parse(time.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
  const late = Date.now() - date;
  if (Number.isNaN(late)) throw new Refusal(400, "InvalidArgument", "No date");
  if (expires === undefined) {
    if (Math.abs(late) > quarterHourMs) throw new Refusal(403, "RequestTimeTooSkewed", "The clock is off");
    return;
  }
  if (!(expires > 0 && expires <= 604_800))
    throw new Refusal(400, "InvalidArgument", "X-Goog-Expires is at most 604800");
  if (late < -quarterHourMs) throw new Refusal(403, "AccessDenied", "Request is not yet valid");
  if (late > expires * 1000) throw new Refusal(400, "ExpiredToken", "The provided token has expired.");
}

/** What of Google's own begins so, and is read here. */
const knownHeaders =
  /^x-goog-(?:meta-.+|date|content-sha256|copy-source|copy-source-if-match|metadata-directive|if-generation-match)$/;

function checkHeaders({ headers }: IncomingMessage, { names }: Claim): void {
  if (!names.includes("host")) throw new Refusal(400, "InvalidArgument", "host is not signed");
  const missing = names.find((name) => headers[name] === undefined);
  if (missing !== undefined) throw new Refusal(400, "MalformedSecurityHeader", `${missing} was signed and is missing`);
  for (const name of Object.keys(headers)) {
    if (name.startsWith("x-amz-")) throw new Refusal(400, "InvalidArgument", `${name} beside x-goog-`);
    if (!name.startsWith("x-goog-")) continue;
    if (!knownHeaders.test(name)) throw new Refusal(400, "InvalidArgument", `${name} is unknown`);
    if (!names.includes(name)) throw new Refusal(400, "MalformedSecurityHeader", `${name} is not signed`);
  }
  // Google's own front changes it before the signature is checked.
  if (names.includes("accept-encoding")) throw new Refusal(403, "SignatureDoesNotMatch", "accept-encoding was changed");
}

/** The parameters of a query, decoded. */
export function pairsOf(search: string): (readonly [string, string])[] {
  if (search === "") return [];
  return search.split("&").map((pair) => {
    const [name = "", value = ""] = pair.split("=").map(decodeURIComponent);
    return [name, value] as const;
  });
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
