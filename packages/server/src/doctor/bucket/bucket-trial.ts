import { createHash } from "node:crypto";
import type { BucketSubject, RawAnswer } from "../../examined-store.ts";
import type { Check, ExaminedFor } from "../check.ts";
import type { BucketWorkspace } from "./bucket-workspace.ts";
import { textsIn } from "./xml.ts";

/** What the checks of a bucket work with. */
export interface BucketTrial extends ExaminedFor {
  readonly subject: BucketSubject;
  readonly workspace: BucketWorkspace;
}

export type BucketCheck = Check<BucketTrial>;

/** Name an answer as people search for it: `403 AccessDenied`. */
export function answerText({ status, text }: RawAnswer): string {
  const [code] = textsIn(text, "Code");
  return code === undefined ? String(status) : `${status} ${code}`;
}

export function isFine({ status }: RawAnswer): boolean {
  return status >= 200 && status < 300;
}

/** The value of `Content-MD5` for a text. */
export function md5Of(text: string): string {
  return createHash("md5").update(text).digest("base64");
}

/** A presigned address of one part, signed for exactly this length and MD5, as browsers get it. */
export async function presignedPart(
  { subject }: BucketTrial,
  { key, uploadId, number = 1 }: { readonly key: string; readonly uploadId: string; readonly number?: number },
  body: string,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  const headers = { "content-length": String(Buffer.byteLength(body)), "content-md5": md5Of(body) };
  const query = { partNumber: String(number), uploadId };
  const [at = subject.endpoint] = subject.publicEndpoints;
  return { url: await subject.presign(at, { method: "PUT", key, query, headers }), headers };
}
