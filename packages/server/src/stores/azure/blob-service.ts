import { type Abortable, isTransferError, type ListOptions, TransferError } from "@naru/core";
import { type ControlCallOptions, controlCall, slowMs } from "../s3/control-call.ts";
import { unquote } from "../s3/s3-answers.ts";
import type { S3Wire, WireAnswer, WireRequest } from "../s3/s3-wire.ts";
import type { StoreClock } from "../s3/store-clock.ts";
import type { BlobAccess } from "./blob-access.ts";
import {
  type BlobHead,
  type BlobPage,
  type BlockList,
  blobPageIn,
  blockListIn,
  crc64In,
  headOf,
} from "./blob-answers.ts";
import { blobUrl } from "./blob-name.ts";
import { readAll } from "./service-text.ts";
import { encodeXml } from "./service-xml.ts";

export interface BlobServiceOptions {
  readonly container: string;
  readonly endpoint: string;
  readonly access: BlobAccess;
  readonly wire: S3Wire;
  readonly clock: StoreClock;
}

/** What a blob is written with. */
export interface BlobFacts {
  readonly type?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** It may not replace one: the call fails with `conflict` where the name is taken. */
  readonly onlyNew?: boolean | undefined;
}

/** A blob as the source of a copy: an address that grants reading it, and which content is meant. */
export interface CopyFrom {
  readonly url: string;
  readonly etag: string;
}

/** A block that is filled from a range of a blob. */
export interface BlockFrom extends CopyFrom {
  readonly start: number;
  readonly size: number;
}

export interface CallOptions extends Abortable {
  readonly patienceMs?: number | undefined;
}

interface Call {
  readonly method: WireRequest["method"];
  readonly name: string;
  readonly query?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly doing: string;
}

/** What RFC 9110 (8.3) calls bytes of which nothing is known. */
export const unknownType: string = "application/octet-stream";

/** Calls of the blob service that carry no file's bytes. Every failure is a TransferError. */
export class BlobService {
  readonly #options: BlobServiceOptions;

  constructor(options: BlobServiceOptions) {
    this.#options = options;
  }

  /** Write a blob of no bytes; what had the name is replaced, and its unfinished blocks are dropped. */
  async putEmpty(name: string, facts: BlobFacts, options: CallOptions = {}): Promise<void> {
    const { type = unknownType, ...others } = facts;
    const headers = { "content-type": type, "x-ms-blob-type": "BlockBlob", ...factHeaders(others) };
    await this.#done({ method: "PUT", name, headers, body: "", doing: `write "${name}"` }, options);
  }

  /** Write anew what is beside a blob; its blocks stay. @throws {TransferError} `not-found` */
  async setMetadata(name: string, metadata: BlobFacts["metadata"], options: CallOptions = {}): Promise<void> {
    const headers = metadataHeaders(metadata);
    await this.#done({ method: "PUT", name, query: "comp=metadata", headers, doing: `renew "${name}"` }, options);
  }

  /** What a blob is. @throws {TransferError} `not-found` */
  async head(name: string, options: CallOptions = {}): Promise<BlobHead> {
    const answer = await this.#call({ method: "HEAD", name, doing: `look up "${name}"` }, options);
    await answer.body.dump();
    return headOf(answer);
  }

  /** The same; a missing one is `undefined`. */
  async headIfThere(name: string, options: CallOptions = {}): Promise<BlobHead | undefined> {
    return undefinedIfMissing(this.head(name, options));
  }

  /** The blocks of a blob. @throws {TransferError} `not-found` where there is neither a blob nor a block */
  async blocks(name: string, options: CallOptions = {}): Promise<BlockList> {
    const query = "comp=blocklist&blocklisttype=all";
    const answer = await this.#call({ method: "GET", name, query, doing: `list the blocks of "${name}"` }, options);
    return blockListIn(await this.#text(answer));
  }

  /** Make a blob of these blocks, in this order, and tell its etag; other blocks are dropped. */
  async commit(
    name: string,
    ids: readonly string[],
    { type = unknownType, ifThere = false, ...facts }: BlobFacts & { readonly ifThere?: boolean | undefined },
    options: CallOptions = {},
  ): Promise<string> {
    const body = `<BlockList>${ids.map((id) => `<Latest>${encodeXml(id)}</Latest>`).join("")}</BlockList>`;
    const headers = {
      "content-type": "application/xml",
      "x-ms-blob-content-type": type,
      ...factHeaders(facts),
      ...(ifThere && { "if-match": "*" }),
    };
    const call = { method: "PUT", name, query: "comp=blocklist", headers, body, doing: `complete "${name}"` } as const;
    const answer = await this.#call(call, { patienceMs: slowMs, ...options });
    await answer.body.dump();
    return unquote(answer.header("etag") ?? "");
  }

  /** Fill a block from a range of a blob; the CRC-64 of what it then holds, where the service says it. */
  async blockFrom(
    name: string,
    id: string,
    { url, etag, start, size }: BlockFrom,
    options: CallOptions = {},
  ): Promise<string | undefined> {
    const headers = {
      "x-ms-copy-source": url,
      "x-ms-source-range": `bytes=${start}-${start + size - 1}`,
      "x-ms-source-if-match": `"${etag}"`,
    };
    const query = `comp=block&blockid=${encodeURIComponent(id)}`;
    const call = { method: "PUT", name, query, headers, body: "", doing: `copy to "${name}"` } as const;
    const answer = await this.#call(call, { patienceMs: slowMs, ...options });
    await answer.body.dump();
    return crc64In(answer);
  }

  /** Copy a blob whole and at once, up to 256 MiB, and tell its etag; what had the name is replaced, and its type is the source's. */
  async copy(
    name: string,
    { url, etag }: CopyFrom,
    facts: Omit<BlobFacts, "type">,
    options: CallOptions,
  ): Promise<string> {
    const headers = {
      "x-ms-copy-source": url,
      "x-ms-source-if-match": `"${etag}"`,
      "x-ms-requires-sync": "true",
      ...factHeaders(facts),
    };
    const call = { method: "PUT", name, headers, body: "", doing: `copy to "${name}"` } as const;
    const answer = await this.#call(call, { patienceMs: slowMs, ...options });
    await answer.body.dump();
    return unquote(answer.header("etag") ?? "");
  }

  /** Remove a blob; a missing one is fine. */
  async remove(name: string, options: CallOptions = {}): Promise<void> {
    await undefinedIfMissing(this.#done({ method: "DELETE", name, doing: `remove "${name}"` }, options));
  }

  /** Remove a blob with the blocks that wait in it; a missing one is fine. Removing alone is not said to drop those. */
  async drop(name: string, options: CallOptions = {}): Promise<void> {
    try {
      await this.commit(name, [], { metadata: {}, ifThere: true }, options);
    } catch (error) {
      if (!isTransferError(error) || !["conflict", "not-found"].includes(error.code)) throw error;
    }
    await this.remove(name, options);
  }

  async list({ prefix = "", cursor, limit = 1000, delimiter, signal }: ListOptions): Promise<BlobPage> {
    const query = new URLSearchParams({
      restype: "container",
      comp: "list",
      include: "metadata",
      maxresults: String(limit),
      ...(prefix !== "" && { prefix }),
      ...(delimiter !== undefined && { delimiter }),
      ...(cursor !== undefined && { marker: cursor }),
    });
    const call = { method: "GET", name: "", query: encodedQuery(query), doing: `list "${prefix}"` } as const;
    const page = blobPageIn(await this.#text(await this.#call(call, { signal })));
    if (page.cursor === undefined || page.cursor !== cursor) return page;
    throw new TransferError("internal", `Cannot list "${prefix}": the service leads to the same page again`);
  }

  /** Read the settings of the whole account, as XML. */
  async settings(options: CallOptions = {}): Promise<string> {
    const call = { method: "GET", name: "", query: settingsQuery, doing: "read the account's CORS rules" } as const;
    return this.#text(await this.#call({ ...call }, { ...options, of: "service" }));
  }

  /** Write some of them; what is not said stays. */
  async setSettings(body: string, options: CallOptions = {}): Promise<void> {
    const headers = { "content-type": "application/xml" };
    const call = { method: "PUT", name: "", query: settingsQuery, headers, body } as const;
    await this.#done({ ...call, doing: "write the account's CORS rules" }, { ...options, of: "service" });
  }

  async #done(call: Call, options: CallOptions & Scope): Promise<void> {
    const answer = await this.#call(call, options);
    await answer.body.dump();
  }

  async #text(answer: WireAnswer): Promise<string> {
    return readAll(answer);
  }

  #call({ name, query, doing, body, ...call }: Call, { of = "container", ...options }: CallOptions & Scope) {
    const { access, clock, container, endpoint, wire } = this.#options;
    const address = of === "service" ? `${endpoint}/` : blobUrl(endpoint, container, name);
    const url = query === undefined ? address : `${address}?${query}`;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const headers = { ...call.headers, ...length };
    const send = async ({ abortSignal }: { readonly abortSignal?: AbortSignal }): Promise<WireAnswer> => {
      const authorized = await access.authorize({ method: call.method, url, headers });
      return wire.demand(url, { method: call.method, headers: authorized, body, signal: abortSignal, doing });
    };
    const patient: ControlCallOptions = options;
    return controlCall(clock, { doing, send }, patient);
  }
}

interface Scope {
  /** The service as a whole, or what has the name in the container. */
  readonly of?: "service" | "container" | undefined;
}

const settingsQuery = "restype=service&comp=properties";

/** `undefined` for what is not there. */
async function undefinedIfMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return undefined;
    throw error;
  }
}

/** Not with `+` for a space, which is signed as itself. */
function encodedQuery(query: URLSearchParams): string {
  return [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** The headers that say what is beside a blob, and whether it may replace one. */
export function factHeaders({ metadata, onlyNew = false }: Omit<BlobFacts, "type">): Record<string, string> {
  return { ...metadataHeaders(metadata), ...(onlyNew && { "if-none-match": "*" }) };
}

function metadataHeaders(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-ms-meta-${name}`, value]));
}
