import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { crc64, type PartDigest, TransferError } from "@naru/core";

export type Bytes = Uint8Array<ArrayBuffer>;

/** What a sender says of a file's content. */
export interface SaidDigest {
  readonly path: string;
  readonly md5?: string | undefined;
  readonly crc64?: string | undefined;
}

/** A CRC-32 in the making: what archives need to know of a file. */
export class Crc32 {
  #value = 0;

  /** Take in more bytes. */
  update(bytes: Uint8Array): this {
    this.#value = crc32(bytes, this.#value);
    return this;
  }

  /** Tell the CRC of the bytes so far, in 8 lower-case hex digits. */
  hex(): string {
    return this.#value.toString(16).padStart(8, "0");
  }
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
