/**
 * Signature Version 4: how AWS and Google have requests signed. Both make one text of the request, hash it, and sign the hash
 * with the time and a scope; only names and keys differ. AWS: "Create a signed AWS API request". Google:
 * https://cloud.google.com/storage/docs/authentication/canonical-requests and .../authentication/signatures.
 */

import { createHash } from "node:crypto";
import { encodeText } from "./bucket-address.ts";

/** What signs, and how it spells what it adds to a request. */
export interface SigningKey {
  /** Such as `AWS4-HMAC-SHA256`. */
  readonly algorithm: string;
  /** What the names of its parameters begin with; those of its headers too, in small letters. */
  readonly prefix: "X-Amz-" | "X-Goog-";
  /** Whose key it is: public. */
  readonly id: string;
  /** When it ends by itself. */
  readonly expiration?: Date | undefined;
  /** What else every presigned URL says. */
  readonly query: Readonly<Record<string, string>>;
  /** What else every signed request says. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it is good on a day (`YYYYMMDD`). */
  scope(day: string): string;
  /** Sign a text; in hex. */
  sign(text: string, day: string): string | Promise<string>;
  /** Spell headers that are written in the words of S3 as the store reads them. */
  spell(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** A request as it is signed. The path is percent-encoded; names of headers are in small letters, `host` among them. */
export interface CanonicalRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

const unsignedBody = "UNSIGNED-PAYLOAD";

/** Sign into the query; returns it whole, encoded. Each header given must be sent as it is. */
export async function presignV4(
  key: SigningKey,
  request: CanonicalRequest,
  { date, lifeSeconds }: { readonly date: Date; readonly lifeSeconds: number },
): Promise<string> {
  const { prefix, algorithm, id } = key;
  const { day, time } = written(date);
  const scope = key.scope(day);
  const headers = canonicalHeaders(request.headers);
  const query = canonicalQuery({
    ...request.query,
    ...key.query,
    [`${prefix}Algorithm`]: algorithm,
    [`${prefix}Credential`]: `${id}/${scope}`,
    [`${prefix}Date`]: time,
    [`${prefix}Expires`]: String(lifeSeconds),
    [`${prefix}SignedHeaders`]: headers.names,
  });
  const body = request.headers[`${prefix.toLowerCase()}content-sha256`] ?? unsignedBody;
  const text = textToSign(key, { ...request, query, headers, body }, { time, scope });
  return `${query}&${prefix}Signature=${await key.sign(text, day)}`;
}

/** Sign into headers; returns all of them. `body` is its SHA-256 in hex; without one it is not signed. */
export async function signV4(
  key: SigningKey,
  request: CanonicalRequest,
  { date, body = unsignedBody }: { readonly date: Date; readonly body?: string | undefined },
): Promise<Record<string, string>> {
  const { algorithm, id } = key;
  const { day, time } = written(date);
  const scope = key.scope(day);
  const prefix = key.prefix.toLowerCase();
  const all = { ...request.headers, ...key.headers, [`${prefix}date`]: time, [`${prefix}content-sha256`]: body };
  const headers = canonicalHeaders(all);
  const text = textToSign(key, { ...request, query: canonicalQuery(request.query), headers, body }, { time, scope });
  const signature = await key.sign(text, day);
  const authorization = `${algorithm} Credential=${id}/${scope}, SignedHeaders=${headers.names}, Signature=${signature}`;
  return { ...all, authorization };
}

interface Canonical {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: CanonicalHeaders;
  readonly body: string;
}

interface CanonicalHeaders {
  readonly names: string;
  readonly lines: string;
}

function textToSign(
  { algorithm }: SigningKey,
  { method, path, query, headers, body }: Canonical,
  { time, scope }: { readonly time: string; readonly scope: string },
): string {
  const request = `${method}\n${path}\n${query}\n${headers.lines}\n${headers.names}\n${body}`;
  return `${algorithm}\n${time}\n${scope}\n${createHash("sha256").update(request).digest("hex")}`;
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => [encodeText(name), encodeText(value)] as const);
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function canonicalHeaders(headers: Readonly<Record<string, string>>): CanonicalHeaders {
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`);
  return { names: names.join(";"), lines: lines.join("") };
}

/** ISO 8601 in its basic form, to the second. */
function written(date: Date): { readonly day: string; readonly time: string } {
  const time = `${date.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  return { day: time.slice(0, 8), time };
}
