/**
 * Uploads by numbered parts inside an SFTP session, in any order and over several connections: three extension requests
 * of ours (draft-ietf-secsh-filexfer-02, section 8) that carry the JSON of the HTTP API (`docs/protocol.md`).
 *
 * @module
 */

import { count, Fields, hex, oneOf, positive, text } from "./fields.ts";
import type { PartDigest } from "./store.ts";
import type { CreateUpload, WireError } from "./wire.ts";
import { decodeError } from "./wire-answers.ts";
import { decodeCreateUpload } from "./wire-decode.ts";
import { fromWireError } from "./wire-status.ts";

/** Names of the extensions. A server that has one has all. */
export const uploadExtension = {
  /** JSON of an `UploadRequest`; answered by JSON of an `UploadReply`. */
  control: "upload@naru",
  /** JSON of a `PartRequest`; answered by an `UploadReply` with the handle (`{handle}`: its four bytes, as a number). It
   *  takes WRITEs from 0 on, in order; CLOSE before `receipt` drops the part. */
  part: "upload-part@naru",
  /** The handle of a part that is written; answered, once the store has it, by JSON of an `UploadReply` with its receipt. */
  receipt: "upload-receipt@naru",
} as const;

/** What `upload@naru` asks: as the HTTP routes of the same names do. */
export type UploadRequest =
  | { readonly verb: "create"; readonly upload: CreateUpload }
  | {
      readonly verb: "get" | "resume" | "complete" | "abort";
      readonly id: string;
      readonly epoch?: number | undefined;
    };

/** A part that is about to be written. */
export interface PartRequest {
  readonly id: string;
  readonly epoch?: number | undefined;
  readonly number: number;
  /** What the sender says of its bytes. */
  readonly digest?: PartDigest | undefined;
}

/** What is answered: what the HTTP route answers, or its failure. */
export type UploadReply = { readonly answer: unknown } | { readonly error: WireError };

const verbs = ["create", "get", "resume", "complete", "abort"] as const;

/** Read what `upload@naru` asks. @throws {TransferError} `invalid` */
export function decodeUploadRequest(value: unknown): UploadRequest {
  const fields = new Fields(value, "", ["verb", "upload", "id", "epoch"]);
  const verb = fields.read("verb", oneOf(verbs));
  if (verb === "create") return { verb, upload: fields.read("upload", decodeCreateUpload) };
  return { verb, id: fields.read("id", text), epoch: fields.maybe("epoch", count) };
}

/** Read what `upload-part@naru` asks. @throws {TransferError} `invalid` */
export function decodePartRequest(value: unknown): PartRequest {
  const fields = new Fields(value, "", ["id", "epoch", "number", "digest"]);
  return {
    id: fields.read("id", text),
    epoch: fields.maybe("epoch", count),
    number: fields.read("number", positive),
    digest: fields.maybe("digest", partDigest),
  };
}

function partDigest(value: unknown, what: string): PartDigest {
  const fields = new Fields(value, what, ["md5", "crc64"]);
  return { md5: fields.read("md5", hex(32)), crc64: fields.read("crc64", hex(16)) };
}

/** Read the answer to `upload-part@naru`: the handle, as it goes into packets. */
export function decodePartHandle(value: unknown): Uint8Array {
  const handle = new Uint8Array(4);
  new DataView(handle.buffer).setUint32(0, new Fields(value, "", ["handle"]).read("handle", count));
  return handle;
}

/** Take the answer out of a reply. @throws {TransferError} the failure that it tells of */
export function answerIn(reply: unknown): unknown {
  const fields = new Fields(reply, "");
  if (fields.has("error")) throw fromWireError(fields.read("error", decodeError));
  return fields.maybe("answer", (value) => value);
}
