/**
 * Uploads by numbered parts inside an SFTP session, in any order and over several connections: three extension requests
 * of ours (draft-ietf-secsh-filexfer-02, section 8) that carry the JSON of the HTTP API (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { type WireError, wireError } from "./failures.ts";
import {
  anything,
  choice,
  closed,
  type Decoded,
  either,
  object,
  oneOf,
  only,
  optional,
  text,
  textOf,
  whole,
} from "./schema.ts";
import { fromWireError } from "./status.ts";
import { createUpload } from "./uploads.ts";

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

const id = text("The upload.");
const epoch = optional(whole("The lease that the sender holds."));

const uploadRequest = choice("verb", [
  closed({ verb: only("create"), upload: createUpload }),
  closed({ verb: oneOf(["get", "resume", "complete", "abort"], "As the HTTP call of that name."), id, epoch }),
]);
/** What `upload@naru` asks: as the HTTP routes of the same names do. */
export type UploadRequest = Decoded<typeof uploadRequest>;

const partRequest = closed({
  id,
  epoch,
  number: whole("The part's number, from 1.", { minimum: 1 }),
  digest: optional(closed({ md5: textOf("md5", "MD5, in hex."), crc64: textOf("crc64", "CRC-64/NVME, in hex.") })),
});
/** A part that is about to be written. */
export type PartRequest = Decoded<typeof partRequest>;

/** What is answered: what the HTTP route answers, or its failure. */
export type UploadReply = { readonly answer: unknown } | { readonly error: WireError };

/** Read what `upload@naru` asks. @throws {TransferError} `invalid` */
export const decodeUploadRequest: Decoder<UploadRequest> = decoder(uploadRequest);
/** Read what `upload-part@naru` asks. @throws {TransferError} `invalid` */
export const decodePartRequest: Decoder<PartRequest> = decoder(partRequest);

const readHandle = decoder(closed({ handle: whole("Four bytes.") }));
const readReply = decoder(either(object({ error: wireError }), object({ answer: optional(anything("")) })));

/** Read the answer to `upload-part@naru`: the handle, as it goes into packets. */
export function decodePartHandle(value: unknown): Uint8Array {
  const handle = new Uint8Array(4);
  new DataView(handle.buffer).setUint32(0, readHandle(value).handle);
  return handle;
}

/** Take the answer out of a reply. @throws {TransferError} the failure that it tells of */
export function answerIn(value: unknown): unknown {
  const reply = readReply(value);
  if ("error" in reply) throw fromWireError(reply.error);
  return reply.answer;
}
