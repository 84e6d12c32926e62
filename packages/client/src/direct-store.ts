/**
 * The direct route: the server only signs, and each part goes straight to the bucket. What the bucket answers is read
 * as S3's errors are written (XML with a `<Code>`).
 *
 * @module
 */

import {
  type Abortable,
  type Body,
  failureOfS3,
  type Part,
  type PartToSign,
  type PutOptions,
  type Receipt,
  type SignedPart,
  type Store,
  s3CodeIn,
  TransferError,
  type WireUpload,
} from "@naru/core";
import type { NaruApi } from "./api.ts";
import { proxyLimit } from "./api-call.ts";
import { proxiedUpload, putThrough } from "./http-store.ts";
import { PresignQueue } from "./presign-queue.ts";
import { type PutPart, type RemoteStoreOptions, RemoteUpload, remoteStore } from "./remote-upload.ts";
import { retryAfterMs, type SendBytes, type SendResponse } from "./send.ts";

/** How parts get to the bucket: `send` carries their bytes. */
export interface DirectStoreOptions extends RemoteStoreOptions {
  readonly send: SendBytes;
  /** `send` can open a connection of its own for a part: then what is slow is sent once more. */
  readonly mayOverlap?: boolean | undefined;
  /** Told of each upload that the server cannot sign for, since the store of its path takes no parts from others. */
  readonly onProxied?: (() => void) | undefined;
  /** Asked for each part, which may then go through the server. */
  readonly second?: SecondWay | undefined;
}

/** Lets some parts go through the server while others go straight to the store. */
export interface SecondWay {
  /** Take a place there, if there is one and it pays; call what it returns when the part has ended, or has failed there. */
  enter(): ((failed: boolean) => void) | undefined;
}

/** Send parts straight to the store that the server behind `api` signs for. */
export function directStore(
  api: NaruApi,
  { send, onProxied, second, mayOverlap = false, ...options }: DirectStoreOptions,
): Store {
  // The server may keep several stores, each for some paths.
  const open = (wire: WireUpload): RemoteUpload => {
    if (wire.direct) return new DirectUpload(api, wire, { send, mayOverlap, second });
    onProxied?.();
    return proxiedUpload(api, wire, send);
  };
  return { ...remoteStore(api, open, options), direct: true };
}

interface WaysOfParts {
  readonly send: SendBytes;
  readonly mayOverlap: boolean;
  readonly second: SecondWay | undefined;
}

class DirectUpload extends RemoteUpload {
  /** A store takes a part whole or not at all. */
  readonly mayOverlap: boolean;
  readonly #api: NaruApi;
  readonly #queue: PresignQueue;

  constructor(api: NaruApi, wire: WireUpload, { send, mayOverlap, second }: WaysOfParts) {
    const queue = new PresignQueue((parts) => signedParts(api, wire, parts));
    const straight: PutPart = ({ spec }, part, body, options) =>
      putSigned(send, queue, { part, body, options, path: spec.path });
    super(api, wire, second === undefined ? straight : mixed(straight, putThrough(api, send), second));
    this.mayOverlap = mayOverlap;
    this.#api = api;
    this.#queue = queue;
  }

  prepare(part: PartToSign): void {
    this.#queue.prepare(part);
  }

  presign(parts: readonly PartToSign[], options: Abortable = {}): Promise<readonly SignedPart[]> {
    this.forgetReceipts();
    return signedParts(this.#api, this, parts, options);
  }
}

/** What does not get through the server goes straight: that is the way which was found to work. */
function mixed(straight: PutPart, through: PutPart, second: SecondWay): PutPart {
  return async (upload, part, body, options) => {
    const leave = second.enter();
    if (leave === undefined) return straight(upload, part, body, options);
    let failed = false;
    try {
      return await through(upload, part, body, options);
    } catch {
      options.signal?.throwIfAborted();
      failed = true;
    } finally {
      leave(failed);
    }
    return straight(upload, part, body, options);
  };
}

/** Have the server sign parts of an upload, under the lease that it is held by. */
async function signedParts(
  api: NaruApi,
  { id, epoch }: Pick<WireUpload, "id" | "epoch">,
  parts: readonly PartToSign[],
  { signal }: Abortable = {},
): Promise<readonly SignedPart[]> {
  const digests = parts.map(({ number, digest }) => ({ number, ...digest }));
  const signed = await api.presign(id, digests, { epoch, signal });
  const byNumber = new Map(parts.map(({ number, offset, size }) => [number, { number, offset, size }]));
  return signed.flatMap(({ number, url, headers, expires }) => {
    const part = byNumber.get(number);
    return part ? [{ part, method: "PUT" as const, url, headers, expires: new Date(expires) }] : [];
  });
}

interface PutCall {
  readonly part: Part;
  readonly body: Body;
  readonly options: PutOptions;
  readonly path: string;
}

async function putSigned(send: SendBytes, queue: PresignQueue, call: PutCall): Promise<Receipt> {
  const { part, body, path } = call;
  const { digest, signal, onProgress, fresh } = call.options;
  const attempt = async (): Promise<SendResponse> => {
    const { url, headers } = await queue.sign({ ...part, digest }, { signal });
    return send({ method: "PUT", url, headers: settable(headers), body, signal, onProgress, fresh });
  };
  const first = await attempt();
  // 403 is most often a signature that has expired on the way; a fresh one settles it.
  const answer = first.status === 403 ? await attempt() : first;
  if (answer.status >= 200 && answer.status <= 299) {
    // Without `ExposeHeaders: ETag` a page cannot read it; the server lists the parts itself before it completes.
    const etag = answer.headers.get("etag")?.replaceAll('"', "") ?? "";
    return { part, etag, digest };
  }
  throw storeFailure(answer.status, answer.headers, await answer.text(), `put part ${part.number} of "${path}"`);
}

/** Headers that only the network layer may set are signed, but not ours to send. */
function settable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(content-length|host)$/i.test(name)));
}

/** Make the failure that an object store's answer tells about. */
export function storeFailure(status: number, headers: Pick<Headers, "get">, text: string, what: string): TransferError {
  const code = s3CodeIn(text);
  if (status === 413 && code === "") return proxyLimit(what, "the store", {});
  const message = `Cannot ${what}: the store answered ${status}${code === "" ? "" : ` ${code}`}`;
  return new TransferError(failureOfS3({ status, code, text }), message, { retryAfterMs: retryAfterMs(headers) });
}
