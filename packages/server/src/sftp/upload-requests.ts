/**
 * Uploads by numbered parts: the extensions of `core/wire/ssh`, answered out of the session's uploads.
 *
 * @module
 */

import {
  type Abortable,
  decodePartRequest,
  decodeUploadRequest,
  TransferError,
  toWireFile,
  type UploadRequest,
} from "@naru/core";
import type { OwnUploads } from "../gateway/own-uploads.ts";
import { OpenPart } from "./open-part.ts";

/** Answer `upload@naru`. @throws {TransferError} as the calls over HTTP do */
export async function answerUpload(
  uploads: OwnUploads | undefined,
  json: string,
  options: Abortable,
): Promise<unknown> {
  return ask(given(uploads), decodeUploadRequest(parse(json)), options);
}

/** Open what `upload-part@naru` names. @throws {TransferError} when there is no such part to write */
export async function openPart(uploads: OwnUploads | undefined, json: string, options: Abortable): Promise<OpenPart> {
  const own = given(uploads);
  const { id, epoch, number, digest } = decodePartRequest(parse(json));
  const part = await own.expect(id, number, { ...options, epoch });
  return new OpenPart(part, (body, { signal }) => own.put(id, number, body, { epoch, signal, digest }));
}

async function ask(uploads: OwnUploads, request: UploadRequest, options: Abortable): Promise<unknown> {
  if (request.verb === "create") return uploads.create(request.upload, options);
  const { id, epoch } = request;
  const leased = { ...options, epoch };
  switch (request.verb) {
    case "get":
      return uploads.get(id, leased);
    case "resume":
      return uploads.resume(id, leased);
    case "complete":
      return toWireFile(await uploads.complete(id, leased));
    case "abort":
      await uploads.abort(id, leased);
      return null;
  }
}

function given(uploads: OwnUploads | undefined): OwnUploads {
  if (uploads === undefined)
    throw new TransferError("unsupported", "Cannot create uploads by parts: this server does not support them");
  return uploads;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new TransferError("invalid", "Cannot read the request: it is not JSON");
  }
}
