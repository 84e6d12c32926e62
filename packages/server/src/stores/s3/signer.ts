import { createHash } from "node:crypto";
import type { PartToSign } from "@naru/core";
import { type BucketAddress, encodeText, type ObjectAddress, objectAddress } from "./bucket-address.ts";
import { presignV4, type SigningKey, signV4 } from "./signature-v4.ts";

export interface SignerOptions extends BucketAddress {
  readonly keys: () => Promise<SigningKey>;
  /** The time as the store has it, in milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** A request to an object, without its endpoint. Names of headers are in small letters, and in the words of S3. */
export interface ToSign {
  readonly method: "PUT" | "GET" | "HEAD" | "POST" | "DELETE" | "OPTIONS";
  readonly key: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long it can be used; an hour by default. */
  readonly lifeSeconds?: number | undefined;
}

/** What a client library is about to send. */
interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  headers: Record<string, string>;
  readonly body?: unknown;
}

/** Signs the requests of a client library. */
export interface RequestSigner {
  sign<T extends ClientRequest>(request: T): Promise<T>;
}

/** A URL that holds its own permission, until it expires. */
export interface SignedUrl {
  readonly url: string;
  readonly expires: Date;
}

/** A request whose permission is in its headers. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const defaultLifeSeconds = 3600;
/** Clocks differ; a request dated in the future would be refused. */
const backdateSeconds = 120;
/** A week: no URL lasts longer. */
const longestLifeSeconds = 604_800;
const emptyMd5 = "d41d8cd98f00b204e9800998ecf8427e";

/** Signs requests with Signature Version 4. Bodies are not signed: parts carry MD5, and the wire has TLS. */
export class Signer {
  readonly #options: SignerOptions;
  readonly #now: () => number;

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Sign into the URL. Headers given here must be sent as they are. */
  async presign(endpoint: URL, request: ToSign): Promise<SignedUrl> {
    const { method, query = {}, headers = {}, lifeSeconds = defaultLifeSeconds } = request;
    const signingKey = await this.#options.keys();
    const now = this.#now();
    const address = objectAddress(endpoint, this.#options, request.key);
    const signed = await presignV4(
      signingKey,
      { method, path: address.path, query, headers: { ...headers, host: hostOf(address) } },
      {
        date: new Date(now - backdateSeconds * 1000),
        lifeSeconds: Math.min(lifeSeconds + backdateSeconds, longestLifeSeconds),
      },
    );
    const end = Math.min(now + lifeSeconds * 1000, signingKey.expiration?.getTime() ?? Number.POSITIVE_INFINITY);
    return { url: `${urlOf(address)}?${signed}`, expires: new Date(end) };
  }

  /** Sign a part's request for exactly its length and its MD5; what this server sends itself may go without the MD5. */
  async presignPart(
    endpoint: URL,
    target: { key: string; uploadId: string },
    part: PartToSign,
    { lifeSeconds }: Pick<ToSign, "lifeSeconds"> = {},
  ): Promise<SignedUrl> {
    const query = { partNumber: String(part.number), uploadId: target.uploadId };
    const headers = { "content-length": String(part.size), ...partHeaders(part.size, part.digest?.md5) };
    return this.presign(endpoint, { method: "PUT", key: target.key, query, headers, lifeSeconds });
  }

  /** Sign into headers, for calls that the server makes itself. */
  async sign(endpoint: URL, { method, key, query = {}, headers = {} }: ToSign): Promise<SignedRequest> {
    const address = objectAddress(endpoint, this.#options, key);
    const signingKey = await this.#options.keys();
    const { host: _host, ...signed } = await signV4(
      signingKey,
      { method, path: address.path, query, headers: { ...signingKey.spell(headers), host: hostOf(address) } },
      { date: new Date(this.#now()) },
    );
    const pairs = Object.entries(query).map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`);
    return { url: pairs.length === 0 ? urlOf(address) : `${urlOf(address)}?${pairs.join("&")}`, headers: signed };
  }

  /** Sign the calls of a client library, at the store's time whatever the library says. Their bodies are signed too. */
  get forClient(): RequestSigner {
    return {
      sign: async (request) => {
        const signingKey = await this.#options.keys();
        const spelled = signingKey.spell(inSmallLetters(request.headers));
        const { method, path, query = {}, body } = request;
        const canonical = { method, path, query: plain(query), headers: onlySigned(spelled) };
        const signed = await signV4(signingKey, canonical, { date: new Date(this.#now()), body: hashOf(body) });
        request.headers = { ...spelled, ...signed };
        return request;
      },
    };
  }
}

/** The header that makes a store refuse a body with another MD5. */
export function md5Header(md5: string | undefined): Record<string, string> {
  return md5 ? { "content-md5": Buffer.from(md5, "hex").toString("base64") } : {};
}

/**
 * The headers that whoever sends a part must send. An empty part's MD5 is known, so that it is always signed; a presigned
 * part must have one (`docs/decisions/006-signed-parts.md`).
 */
export function partHeaders(size: number, md5?: string): Record<string, string> {
  return md5Header(size === 0 ? emptyMd5 : md5);
}

function hostOf({ hostname, port }: ObjectAddress): string {
  return port === undefined ? hostname : `${hostname}:${port}`;
}

function urlOf(address: ObjectAddress): string {
  return `${address.protocol}//${hostOf(address)}${address.path}`;
}

function inSmallLetters(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What proxies leave alone; Google's own changes `Accept-Encoding` before the signature is checked. */
function onlySigned(headers: Readonly<Record<string, string>>): Record<string, string> {
  const signed = /^(?:host|content-|x-amz-|x-goog-)/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => signed.test(name)));
}

function plain(query: Readonly<Record<string, string | string[] | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value ?? "")]));
}

/** The SHA-256 of a body that is at hand. */
function hashOf(body: unknown): string | undefined {
  const known = body === undefined || body === null ? "" : body;
  if (typeof known !== "string" && !(known instanceof Uint8Array)) return undefined;
  return createHash("sha256").update(known).digest("hex");
}
