import type { PartToSign } from "@naru/core";
import { SignatureV4 } from "@smithy/signature-v4";
import { type BucketAddress, encodeText, type ObjectAddress, objectAddress } from "./bucket-address.ts";
import { Sha256 } from "./sha256.ts";

/** What signs requests. `expiration` bounds how long a presigned one can last. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

export interface SignerOptions extends BucketAddress {
  readonly region: string;
  readonly credentials: () => Promise<S3Credentials>;
  /** The time as the store has it, in milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** A request to an object, without its endpoint. */
export interface ToSign {
  readonly method: "PUT" | "GET" | "HEAD" | "POST" | "DELETE" | "OPTIONS";
  readonly key: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long it can be used; an hour by default. */
  readonly lifeSeconds?: number | undefined;
}

type HttpRequest = Parameters<SignatureV4["sign"]>[0];

/** Signs requests as the AWS SDK asks for it. */
export interface RequestSigner {
  sign(request: HttpRequest, options?: object): Promise<HttpRequest>;
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
const emptyMd5 = "d41d8cd98f00b204e9800998ecf8427e";
const unsigned = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };

/** Signs requests with AWS Signature Version 4. Bodies are not signed: parts carry MD5, and the wire has TLS. */
export class Signer {
  readonly #options: SignerOptions;
  readonly #now: () => number;
  #signatures: { of: S3Credentials; by: SignatureV4 } | undefined;

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Sign into the URL. Headers given here must be sent as they are. */
  async presign(endpoint: URL, request: ToSign): Promise<SignedUrl> {
    const credentials = await this.#options.credentials();
    return this.#presign(endpoint, request, credentials, this.#now());
  }

  /** Sign a part's request for exactly its length and its MD5; what this server sends itself may go without the MD5. */
  async presignPart(endpoint: URL, target: { key: string; uploadId: string }, part: PartToSign): Promise<SignedUrl> {
    const query = { partNumber: String(part.number), uploadId: target.uploadId };
    const headers = { "content-length": String(part.size), ...partHeaders(part.size, part.digest?.md5) };
    return this.presign(endpoint, { method: "PUT", key: target.key, query, headers });
  }

  /** Sign into headers, for calls that the server makes itself. */
  async sign(endpoint: URL, { method, key, query = {}, headers = {} }: ToSign): Promise<SignedRequest> {
    const address = objectAddress(endpoint, this.#options, key);
    const signer = this.#signerFor(await this.#options.credentials());
    const toSign = {
      ...address,
      method,
      query: { ...query },
      headers: { ...headers, ...unsigned, host: hostOf(address) },
    };
    const signed = await signer.sign(toSign, { signingDate: new Date(this.#now()) });
    const { host: _host, ...rest } = signed.headers;
    return { url: urlOf(address, query), headers: rest };
  }

  /** Sign the calls of a client library, at the store's time whatever the library says. Their bodies are signed too. */
  get forClient(): RequestSigner {
    return {
      sign: async (request, options) => {
        const signer = this.#signatureOf(await this.#options.credentials(), { applyChecksum: true });
        return signer.sign(request, { ...options, signingDate: new Date(this.#now()) });
      },
    };
  }

  async #presign(endpoint: URL, request: ToSign, credentials: S3Credentials, now: number): Promise<SignedUrl> {
    const { method, key, query = {}, headers = {}, lifeSeconds = defaultLifeSeconds } = request;
    const address = objectAddress(endpoint, this.#options, key);
    const signed = await this.#signerFor(credentials).presign(
      { ...address, method, query: { ...query }, headers: { ...headers, ...unsigned, host: hostOf(address) } },
      { signingDate: new Date(now - backdateSeconds * 1000), expiresIn: lifeSeconds + backdateSeconds },
    );
    const end = Math.min(now + lifeSeconds * 1000, credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY);
    return { url: urlOf(address, signed.query ?? {}), expires: new Date(end) };
  }

  #signerFor(credentials: S3Credentials): SignatureV4 {
    if (this.#signatures?.of !== credentials) {
      this.#signatures = { of: credentials, by: this.#signatureOf(credentials, { applyChecksum: false }) };
    }
    return this.#signatures.by;
  }

  #signatureOf(credentials: S3Credentials, { applyChecksum }: { readonly applyChecksum: boolean }): SignatureV4 {
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    return new SignatureV4({
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
      region: this.#options.region,
      service: "s3",
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum,
    });
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

function urlOf(address: ObjectAddress, query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeText(name)}=${encodeText(String(value))}`);
  const text = pairs.length === 0 ? "" : `?${pairs.join("&")}`;
  return `${address.protocol}//${hostOf(address)}${address.path}${text}`;
}
