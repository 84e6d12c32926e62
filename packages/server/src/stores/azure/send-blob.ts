import { type Body, type PartDigest, type PutOptions, readExactly, TransferError } from "@naru/core";
import { PartDigester, type TakenDigest } from "../part-digester.ts";
import { unquote } from "../s3/s3-answers.ts";
import { md5Header } from "../s3/signer.ts";
import { crc64In } from "./blob-answers.ts";
import type { ContainerContext } from "./container-context.ts";

export interface Sending {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly size: number;
  /** Names the body in messages. */
  readonly what: string;
}

export interface Sent {
  /** Of the blob; a block has none. */
  readonly etag: string;
  readonly digest: TakenDigest;
  /** When the service had it, by its own clock. */
  readonly date: Date;
}

/**
 * Stream a body to the service. What it is said to be is said to the service, too, which refuses other bytes; whatever CRC-64 the
 * service found is compared with ours.
 */
export async function sendBlob(
  { access, wire, clock }: Pick<ContainerContext, "access" | "wire" | "clock">,
  { url, headers: given, size, what }: Sending,
  body: Body,
  { signal, digest: said, onProgress }: PutOptions,
): Promise<Sent> {
  const doing = `write ${what}`;
  const known = said?.md5 && said.crc64 ? said : undefined;
  let digester: PartDigester | undefined;
  const once = async () => {
    digester = known ? undefined : new PartDigester(said, { md5: false });
    let sent = 0;
    async function* chunks() {
      for await (const chunk of readExactly(body, size, { signal, what })) {
        digester?.update(chunk);
        sent += chunk.byteLength;
        yield chunk;
        onProgress?.(sent);
      }
    }
    const length = { "content-length": String(size), ...checkHeader(said) };
    const headers = await access.authorize({ method: "PUT", url, headers: { ...given, ...length } });
    const content = size === 0 ? await drained(chunks()) : chunks();
    return wire.demand(url, { method: "PUT", headers, body: content, signal, doing });
  };
  const answer = await clock.again(once);
  await answer.body.dump();
  const digest = digester?.finish(what) ?? known ?? { crc64: "" };
  const found = crc64In(answer);
  if (found !== undefined && found !== digest.crc64) {
    throw new TransferError("checksum-mismatch", `Cannot ${doing}: the store has other bytes, with CRC-64 ${found}`);
  }
  const date = new Date(answer.header("date") ?? "");
  const etag = unquote(answer.header("etag") ?? "");
  return { etag, digest, date: Number.isNaN(date.getTime()) ? new Date() : date };
}

/** By what the service refuses other bytes. It takes one of the two. */
function checkHeader(said: Partial<PartDigest> | undefined): Record<string, string> {
  if (said?.md5) return md5Header(said.md5);
  return said?.crc64 ? { "x-ms-content-crc64": Buffer.from(said.crc64, "hex").reverse().toString("base64") } : {};
}

/** Read what should have no bytes to its end. */
export async function drained(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const chunk of chunks) void chunk;
  return "";
}
