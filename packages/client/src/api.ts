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
  type ConflictPolicy,
  type CreateResult,
  type CreateUpload,
  decodeBatchResults,
  decodeCreateResults,
  decodeDownload,
  decodeEntries,
  decodeFilePage,
  decodeFolder,
  decodeKnownResults,
  decodeSession,
  decodeSignedParts,
  decodeUploads,
  decodeWireFile,
  decodeWireUpload,
  epochHeader,
  isTransferError,
  isUsablePath,
  type KnownResult,
  type ListOptions,
  TransferError,
  type WireDownload,
  type WireEntries,
  type WireFile,
  type WireFilePage,
  type WirePartDigest,
  type WireSession,
  type WireSignedPart,
  type WireUpload,
} from "@naru/core";
import { type Answer, type ApiCaller, type Auth, type CallOptions, callerOf, type NaruApiOptions } from "./api-call.ts";

/** The lease that a call is made under. */
export interface Leased extends Abortable {
  readonly epoch?: number | undefined;
}

/** Which names of a folder are listed. */
export interface EntriesOptions extends Abortable {
  readonly folder: string;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** What becomes of a name that is taken. */
export interface MoveOptions extends Abortable {
  readonly conflict: ConflictPolicy;
}

const completeTimeoutMs = 10 * 60_000;
const presignTimeoutMs = 15_000;

/** The server, as calls. */
export class NaruApi {
  readonly origin: string;
  readonly auth: Auth;
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
    this.origin = this.#caller.origin;
    this.auth = this.#caller.auth;
  }

  /** Ask who I am and what the store can do; `probe: false` leaves the CORS preflight out. */
  async session({ probe = true, ...options }: Abortable & { probe?: boolean } = {}): Promise<WireSession> {
    return decodeSession(await this.#caller.json("GET", `/api/session${probe ? "" : "?probe=0"}`, options));
  }

  /** Sign in: the session's cookie is set for the calls that follow. @throws {TransferError} `unauthenticated`; `throttled` */
  async signIn(user: string, password: string, options: Abortable = {}): Promise<WireSession> {
    return decodeSession(await this.#caller.json("POST", "/api/session", { ...options, json: { user, password } }));
  }

  async signOut(options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", "/api/session", options);
  }

  /** Ask cheaply whether the server answers. */
  async alive(options: Abortable = {}): Promise<boolean> {
    const asked = this.#caller.response("GET", "/livez", { ...options, timeoutMs: 2000 });
    return asked
      .then((answer) => answer.text())
      .then(
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
      const url = filePath(path);
      return decodeWireFile(await this.#caller.json("GET", `${url}${url.includes("?") ? "&" : "?"}stat`, options));
    } catch (error) {
      if (isTransferError(error) && error.code === "not-found") return undefined;
      throw error;
    }
  }

  /** List files, a page of at most 1,000 at a time. */
  async list({ prefix, cursor, limit, delimiter, signal }: ListOptions = {}): Promise<WireFilePage> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ prefix, cursor, limit, delimiter })) {
      if (value !== undefined) query.set(name, String(value));
    }
    return decodeFilePage(await this.#caller.json("GET", `/api/files?${query}`, { signal }));
  }

  /** List what lies in a folder, "" or "a/b/", up to 10,000 names at a time; they come in the order of their keys. */
  async entries({ folder, cursor, limit, signal }: EntriesOptions): Promise<WireEntries> {
    const query = new URLSearchParams({ folder });
    if (cursor !== undefined) query.set("cursor", cursor);
    if (limit !== undefined) query.set("limit", String(limit));
    return decodeEntries(await this.#caller.json("GET", `/api/entries?${query}`, { signal }));
  }

  /** Read a file through the server. */
  async read(path: string, headers: Readonly<Record<string, string>>, options: Abortable = {}): Promise<Answer> {
    return this.#caller.response("GET", filePath(path), { ...options, headers: { accept: "*/*", ...headers } });
  }

  /** Rename a file; under `overwrite` what is at `to` is replaced. */
  async move(from: string, to: string, { conflict, signal }: MoveOptions): Promise<WireFile> {
    const json = { from, to, conflict };
    return decodeWireFile(await this.#caller.json("POST", "/api/move", { signal, json }));
  }

  /** Rename a folder with all that is in it; folders are never replaced. Gives the path that it has then, without a final `/`. */
  async moveFolder(
    from: string,
    to: string,
    { conflict, signal }: Abortable & { readonly conflict: Exclude<ConflictPolicy, "overwrite"> },
  ): Promise<string> {
    const json = { from: `${from}/`, to: `${to}/`, conflict };
    const call = { signal, json, timeoutMs: completeTimeoutMs };
    return decodeFolder(await this.#caller.json("POST", "/api/move", call)).folder.slice(0, -1);
  }

  /** Tell whether there is a folder, be it empty. Paths of folders have no final `/`. */
  async hasFolder(path: string, options: Abortable = {}): Promise<boolean> {
    try {
      decodeFolder(await this.#caller.json("GET", folderPath(path), options));
      return true;
    } catch (error) {
      if (isTransferError(error) && error.code === "not-found") return false;
      throw error;
    }
  }

  /** Make a folder; one that is there is fine. @throws {TransferError} `conflict` where a file is at or above it */
  async makeFolder(path: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("PUT", folderPath(path), options);
  }

  /** Remove a folder: an empty one, or with all that is in it. @throws {TransferError} `not-found`; `conflict` when it is not empty */
  async removeFolder(path: string, { recursive, signal }: Abortable & { readonly recursive: boolean }): Promise<void> {
    const call = { signal, timeoutMs: completeTimeoutMs };
    await this.#caller.json("DELETE", `${folderPath(path)}${recursive ? "?recursive=true" : ""}`, call);
  }

  /** Remove a file; a missing one is fine. With `etag` only that content: `conflict` when it is another, or gone. */
  async remove(path: string, { etag, signal }: Abortable & { readonly etag?: string | undefined } = {}): Promise<void> {
    const headers = etag === undefined ? {} : { "if-match": `"${etag}"` };
    await this.#caller.json("DELETE", filePath(path), { headers, signal });
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
    bodies: readonly (Blob | ArrayBuffer | Uint8Array<ArrayBuffer>)[],
    options: Abortable = {},
  ): Promise<readonly BatchResult[]> {
    const manifest = new TextEncoder().encode(JSON.stringify({ files }));
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, manifest.length);
    const call: CallOptions = {
      ...options,
      body: batchBody([new Uint8Array(length.buffer), manifest, ...bodies]),
      headers: { "content-type": batchContentType },
      timeoutMs: completeTimeoutMs,
    };
    const { results } = decodeBatchResults(await this.#caller.json("POST", "/api/batch", call));
    if (results.length === files.length) return results;
    const why = `the server tells of ${results.length} of ${files.length} files`;
    throw new TransferError("internal", `Cannot tell which files have arrived: ${why}`);
  }
}

/** The URL path of a file; one that another program gave a name which no path can carry is asked for by its key. */
export function filePath(path: string): string {
  if (!isUsablePath(path)) return `/api/files?key=${encodeURIComponent(path)}`;
  return `/api/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** In one piece of memory where all of it is there: to read a Blob costs more than the copy. */
function batchBody(pieces: readonly (Blob | ArrayBuffer | Uint8Array<ArrayBuffer>)[]): Blob | Uint8Array<ArrayBuffer> {
  const bytes = pieces.filter((piece) => piece instanceof Uint8Array);
  if (bytes.length < pieces.length) return new Blob([...pieces]);
  const whole = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of bytes) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function folderPath(path: string): string {
  // What another program gave an odd name is one piece, in which nobody on the way resolves dots and slashes.
  if (!isUsablePath(path)) return `/api/folders/${encodeURIComponent(path)}`;
  return `/api/folders/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The URL path of an upload. */
export function uploadPath(id: string): string {
  return `/api/uploads/${encodeURIComponent(id)}`;
}

function leased({ epoch, signal }: Leased): CallOptions {
  return { signal, headers: epoch === undefined ? {} : { [epochHeader]: String(epoch) } };
}
