import { type PartDigest, TransferError } from "@naru/core";
import type { Request } from "./fastify.ts";

/** Read what the sender says of a body: `Content-MD5` (RFC 1864) and `naru-crc64`. @throws {TransferError} `invalid` */
export function digestHeaders({ headers }: Request): Partial<PartDigest> {
  const md5 = headers["content-md5"];
  const crc64 = headers["naru-crc64"];
  return {
    ...(md5 === undefined ? {} : { md5: md5Of(md5) }),
    ...(crc64 === undefined ? {} : { crc64: crc64Of(crc64) }),
  };
}

function md5Of(value: string | string[]): string {
  const bytes = typeof value === "string" ? Buffer.from(value, "base64") : undefined;
  if (bytes?.length === 16 && bytes.toString("base64") === value) return bytes.toString("hex");
  throw new TransferError("invalid", 'Cannot read the header "Content-MD5": it is not 16 bytes in base64');
}

function crc64Of(value: string | string[]): string {
  if (typeof value === "string" && /^[0-9a-f]{16}$/i.test(value)) return value.toLowerCase();
  throw new TransferError("invalid", 'Cannot read the header "naru-crc64": it is not 16 hex digits');
}
