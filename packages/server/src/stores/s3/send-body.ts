import { type Body, MiB, type PartDigest, type PutOptions, readExactly, TransferError } from "@naru/core";
import { PartDigester } from "../part-digester.ts";
import type { S3Wire } from "./s3-wire.ts";
import { partHeaders } from "./signer.ts";

export interface Sending {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly size: number;
  /** Whether the store's etag is the MD5 of the body. */
  readonly md5Etags: boolean;
  /** Names the body in messages. */
  readonly what: string;
}

export interface Sent {
  readonly etag: string;
  readonly digest: PartDigest;
  /** When the store had it, by its own clock. */
  readonly date: Date;
}

const smallSize = 1 * MiB;

/** Stream a body to a signed URL. With a digest the store checks it; without one we compute it and check the etag. */
export async function sendBody(wire: S3Wire, sending: Sending, body: Body, options: PutOptions): Promise<Sent> {
  const { size, what, md5Etags } = sending;
  const { signal, digest: given, onProgress } = options;
  const digester = given?.md5 && given.crc64 ? undefined : new PartDigester(given, { md5: md5Etags });
  let sent = 0;
  async function* chunks() {
    for await (const chunk of readExactly(body, size, { signal, what })) {
      digester?.update(chunk);
      sent += chunk.byteLength;
      yield chunk;
      onProgress?.(sent);
    }
  }
  const headers = { ...sending.headers, "content-length": String(size), ...partHeaders(size, given?.md5) };
  const small = size <= smallSize ? inMemory(body, size) : undefined;
  if (small) digester?.update(small);
  if (small) onProgress?.(size);
  const content = small ?? (size === 0 ? await drained(chunks()) : chunks());
  const answer = await wire.demand(sending.url, {
    method: "PUT",
    headers,
    body: content,
    signal,
    doing: `write ${what}`,
  });
  await answer.body.dump();
  const { md5 = "", crc64 = "" } = digester?.finish(what) ?? given ?? {};
  const digest = { md5, crc64 };
  const etag = (answer.header("etag") ?? "").replace(/^"|"$/g, "");
  if (md5Etags && isMd5(etag) && etag !== digest.md5) {
    throw new TransferError("checksum-mismatch", `Cannot write ${what}: the store has other bytes, with MD5 ${etag}`);
  }
  const date = new Date(answer.header("date") ?? "");
  return { etag, digest, date: Number.isNaN(date.getTime()) ? new Date() : date };
}

/** Tell whether an etag looks like an MD5. */
export function isMd5(etag: string): boolean {
  return /^[0-9a-f]{32}$/.test(etag);
}

/** The bytes of a body that is one piece of memory: as a stream, a small one costs more than all else of its request. */
function inMemory({ chunks }: Body, size: number): Uint8Array | undefined {
  const pieces = chunks?.();
  if (!Array.isArray(pieces) || pieces.length !== 1) return undefined;
  const [bytes] = pieces;
  return bytes instanceof Uint8Array && bytes.length === size && size > 0 ? bytes : undefined;
}

async function drained(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const chunk of chunks) void chunk;
  return "";
}
