import { createHash } from "node:crypto";
import { crc64, type PartDigest, TransferError } from "@naru/core";

export type Bytes = Uint8Array<ArrayBuffer>;

/** What a sender says of a file's content. */
export interface SaidDigest {
  readonly path: string;
  readonly md5?: string | undefined;
  readonly crc64?: string | undefined;
}

/** Take the digests of a whole content. */
export function digestOf(bytes: Bytes): PartDigest {
  return { md5: createHash("md5").update(bytes).digest("hex"), crc64: crc64(bytes) };
}

/** @throws {TransferError} `checksum-mismatch` if the content is not what its sender says */
export function checkDigest(said: SaidDigest, found: Partial<PartDigest>): void {
  const wrongMd5 = said.md5 !== undefined && said.md5 !== found.md5;
  const wrongCrc = said.crc64 !== undefined && found.crc64 !== undefined && said.crc64 !== found.crc64;
  if (!wrongMd5 && !wrongCrc) return;
  throw new TransferError("checksum-mismatch", `Cannot write "${said.path}": the bytes are not what was sent`);
}
