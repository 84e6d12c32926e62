/**
 * Every call of Naru's HTTP API (`docs/protocol.md`), as methods. What arrives is decoded; what fails is a
 * `TransferError`.
 *
 * @module
 */

import {
  type Abortable,
  type BatchFile,
  type BatchResult,
  batchContentType,
  type CompleteOne,
  type CreateResult,
  type CreateUpload,
  decodeBatchResults,
  decodeCreateResults,
  decodeDownload,
  decodeFilePage,
  decodeKnownResults,
  decodeSession,
  decodeSignedParts,
  decodeUploads,
  decodeWireFile,
  decodeWireUpload,
  epochHeader,
  isTransferError,
  type KnownResult,
  type ListOptions,
  type WireDownload,
  type WireFile,
  type WireFilePage,
  type WirePartDigest,
  type WireSession,
  type WireSignedPart,
  type WireUpload,
} from "@naru/core";
import { ApiCaller, type Auth, type CallOptions, type Fetch } from "./api-call.ts";

export interface NaruApiOptions {
  /** Where the server is, e.g. `https://naru.example`. */
  readonly origin: string;
  readonly auth?: Auth | undefined;
  readonly fetch?: Fetch | undefined;
}

/** The lease that a call is made under. */
export interface Leased extends Abortable {
  readonly epoch?: number | undefined;
}

const completeTimeoutMs = 10 * 60_000;
const presignTimeoutMs = 15_000;

/** The server, as calls. */
export class NaruApi {
  readonly origin: string;
  readonly auth: Auth;
  readonly #caller: ApiCaller;

  constructor({
    origin,
    auth = { kind: "cookie" },
    fetch = (url, init) => globalThis.fetch(url, init),
  }: NaruApiOptions) {
    this.origin = origin.replace(/\/+$/, "");
    this.auth = auth;
    this.#caller = new ApiCaller(this.origin, auth, fetch);
  }

  /** Ask who I am and what the store can do; `probe: false` leaves the CORS preflight out. */
  async session({ probe = true, ...options }: Abortable & { probe?: boolean } = {}): Promise<WireSession> {
    return decodeSession(await this.#caller.json("GET", `/api/session${probe ? "" : "?probe=0"}`, options));
  }

  async signIn(user: string, password: string, options: Abortable = {}): Promise<WireSession> {
    return decodeSession(await this.#caller.json("POST", "/api/session", { ...options, json: { user, password } }));
  }

  async signOut(options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", "/api/session", options);
  }

  /** Ask cheaply whether the server answers. */
  async alive(options: Abortable = {}): Promise<boolean> {
    return this.#caller.response("GET", "/livez", { ...options, timeoutMs: 2000 }).then(
      () => true,
      () => false,
    );
  }

  /** Make an upload and take its lease. */
  async create(upload: CreateUpload, options: Abortable = {}): Promise<WireUpload> {
    return decodeWireUpload(await this.#caller.json("POST", "/api/uploads", { ...options, json: upload }));
  }

  /** Make up to `maxBatchUploads` uploads in one call. */
  async createBatch(uploads: readonly CreateUpload[], options: Abortable = {}): Promise<readonly CreateResult[]> {
    const answer = await this.#caller.json("POST", "/api/uploads/batch", { ...options, json: { uploads } });
    return decodeCreateResults(answer);
  }

  /** List my unfinished uploads. */
  async mine(options: Abortable = {}): Promise<readonly WireUpload[]> {
    return decodeUploads(await this.#caller.json("GET", "/api/uploads", options));
  }

  /** Look at an upload and its receipts, without taking the lease. */
  async get(id: string, options: Abortable = {}): Promise<WireUpload> {
    return decodeWireUpload(await this.#caller.json("GET", uploadPath(id), options));
  }

  /** Take an upload's lease over. */
  async resume(id: string, options: Abortable = {}): Promise<WireUpload> {
    return decodeWireUpload(await this.#caller.json("POST", `${uploadPath(id)}/resume`, options));
  }

  /** Sign parts, so that they can be written straight to the store. */
  async presign(
    id: string,
    parts: readonly WirePartDigest[],
    options: Leased = {},
  ): Promise<readonly WireSignedPart[]> {
    const call = { ...leased(options), json: { parts }, timeoutMs: presignTimeoutMs };
    return decodeSignedParts(await this.#caller.json("POST", `${uploadPath(id)}/parts`, call)).parts;
  }

  /** Make the file appear, verified. */
  async complete(id: string, parts: readonly WirePartDigest[], options: Leased = {}): Promise<WireFile> {
    const call = { ...leased(options), json: { parts }, timeoutMs: completeTimeoutMs };
    return decodeWireFile(await this.#caller.json("POST", `${uploadPath(id)}/complete`, call));
  }

  /** Complete many uploads in one call; answers come in order. */
  async completeBatch(uploads: readonly CompleteOne[], options: Abortable = {}): Promise<readonly BatchResult[]> {
    const call = { ...options, json: { uploads }, timeoutMs: completeTimeoutMs };
    return decodeBatchResults(await this.#caller.json("POST", "/api/uploads/complete", call)).results;
  }

  /** Forget an upload; twice is fine. */
  async abort(id: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", uploadPath(id), options);
  }

  /** Look a file up; a missing one is `undefined`. */
  async stat(path: string, options: Abortable = {}): Promise<WireFile | undefined> {
    try {
      return decodeWireFile(await this.#caller.json("GET", `${filePath(path)}?stat`, options));
    } catch (error) {
      if (isTransferError(error) && error.code === "not-found") return undefined;
      throw error;
    }
  }

  async list({ prefix, cursor, limit, delimiter, signal }: ListOptions = {}): Promise<WireFilePage> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ prefix, cursor, limit, delimiter })) {
      if (value !== undefined) query.set(name, String(value));
    }
    return decodeFilePage(await this.#caller.json("GET", `/api/files?${query}`, { signal }));
  }

  /** Read a file through the server. */
  async read(path: string, headers: Readonly<Record<string, string>>, options: Abortable = {}): Promise<Response> {
    return this.#caller.response("GET", filePath(path), { ...options, headers: { accept: "*/*", ...headers } });
  }

  async move(from: string, to: string, options: Abortable = {}): Promise<WireFile> {
    const json = { from, to, conflict: "overwrite" };
    return decodeWireFile(await this.#caller.json("POST", "/api/move", { ...options, json }));
  }

  /** Remove a file; a missing one is fine. */
  async remove(path: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", filePath(path), options);
  }

  /** Ask how to read a file straight from the store, and what it must be. */
  async download(path: string, options: Abortable = {}): Promise<WireDownload> {
    return decodeDownload(await this.#caller.json("POST", "/api/downloads", { ...options, json: { path } }));
  }

  /** Ask which of many small files are there already with the same bytes; answers come in order. */
  async known(files: readonly BatchFile[], options: Abortable = {}): Promise<readonly KnownResult[]> {
    const call: CallOptions = { ...options, json: { files } };
    return decodeKnownResults(await this.#caller.json("POST", "/api/batch/known", call)).results;
  }

  /** Send many small files in one request; answers come in order. */
  async sendBatch(
    files: readonly BatchFile[],
    bodies: readonly (Blob | ArrayBuffer)[],
    options: Abortable = {},
  ): Promise<readonly BatchResult[]> {
    const manifest = new TextEncoder().encode(JSON.stringify({ files }));
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, manifest.length);
    const call: CallOptions = {
      ...options,
      body: new Blob([length, manifest, ...bodies]),
      headers: { "content-type": batchContentType },
      timeoutMs: completeTimeoutMs,
    };
    return decodeBatchResults(await this.#caller.json("POST", "/api/batch", call)).results;
  }
}

/** The URL path of a file. */
export function filePath(path: string): string {
  return `/api/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The URL path of an upload. */
export function uploadPath(id: string): string {
  return `/api/uploads/${encodeURIComponent(id)}`;
}

function leased({ epoch, signal }: Leased): CallOptions {
  return { signal, headers: epoch === undefined ? {} : { [epochHeader]: String(epoch) } };
}
