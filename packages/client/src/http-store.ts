/**
 * Our server seen as the store it is: parts go through it (the proxy route), and what has arrived is read from it.
 *
 * @module
 */

import {
  decodeReceipt,
  epochHeader,
  type Files,
  type PutOptions,
  type Store,
  TransferError,
  toReceipt,
  type WireUpload,
} from "@naru/core";
import { type NaruApi, uploadPath } from "./api.ts";
import { authHeaders, failureOf } from "./api-call.ts";
import { httpFiles } from "./http-files.ts";
import { base64OfHex, type PutPart, type RemoteStoreOptions, RemoteUpload, remoteStore } from "./remote-upload.ts";
import type { SendBytes } from "./send.ts";

/** How parts get to the server: `send` carries their bytes. */
export interface HttpStoreOptions extends RemoteStoreOptions {
  readonly send: SendBytes;
}

/** Send parts through the server behind `api`. */
export function httpStore(api: NaruApi, { send, ...options }: HttpStoreOptions): Store & Files {
  return { ...remoteStore(api, (wire) => proxiedUpload(api, wire, send), options), ...httpFiles(api) };
}

/** An upload whose parts go through the server. */
export function proxiedUpload(api: NaruApi, wire: WireUpload, send: SendBytes): RemoteUpload {
  return new RemoteUpload(api, wire, putThrough(api, send));
}

/** Send parts through the server, whatever their upload's other parts do. */
export function putThrough(api: NaruApi, send: SendBytes): PutPart {
  return async (upload, part, body, { digest, signal, onProgress, fresh }) => {
    const answer = await send({
      method: "PUT",
      url: `${api.origin}${uploadPath(upload.id)}/parts/${part.number}`,
      headers: { ...authHeaders(api.auth), ...partHeaders(digest, upload.epoch) },
      body,
      signal,
      credentials: api.auth.kind === "cookie",
      onProgress,
      fresh,
    });
    const text = await answer.text();
    const what = `put part ${part.number} of "${upload.spec.path}"`;
    if (answer.status < 200 || answer.status > 299) throw failureOf(answer.status, answer.headers, text, what);
    return toReceipt(decodeReceipt(parse(text, what)));
  };
}

function partHeaders(digest: PutOptions["digest"], epoch: number | undefined): Record<string, string> {
  return {
    "content-type": "application/octet-stream",
    ...(digest ? { "content-md5": base64OfHex(digest.md5), "naru-crc64": digest.crc64 } : {}),
    ...(epoch === undefined ? {} : { [epochHeader]: String(epoch) }),
  };
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TransferError("unavailable", `Cannot ${what}: the answer is not from a Naru server`, { cause });
  }
}
