import { createHash, type Hash } from "node:crypto";
import { Crc64, type PartDigest, TransferError } from "@naru/core";

export interface PartDigesterOptions {
  /** Whether an MD5 is wanted also where nobody told one. */
  readonly md5: boolean;
}

/** CRC-64, and MD5 where it is known. */
export type TakenDigest = Pick<PartDigest, "crc64"> & Partial<PartDigest>;

/**
 * Digests of one part, computed while it passes. When the sender told both, only the CRC-64 is computed, and its MD5 is
 * believed once that matched: computing it again would cost more than the rest of the part's way.
 */
export class PartDigester {
  readonly #expected: Partial<PartDigest> | undefined;
  readonly #md5: Hash | undefined;
  readonly #crc64 = new Crc64();

  constructor(expected: Partial<PartDigest> | undefined, { md5 }: PartDigesterOptions) {
    this.#expected = expected;
    const wanted = expected?.md5 ? !expected.crc64 : md5;
    this.#md5 = wanted ? createHash("md5") : undefined;
  }

  update(chunk: Uint8Array): void {
    this.#md5?.update(chunk);
    this.#crc64.update(chunk);
  }

  /** @throws {TransferError} `checksum-mismatch` if it is not what the sender said */
  finish(what: string): TakenDigest {
    const crc64 = this.#crc64.hex();
    const md5 = this.#md5?.digest("hex") ?? this.#expected?.md5;
    if (this.#expected?.crc64 && this.#expected.crc64 !== crc64) throw mismatch(what, "CRC-64", crc64);
    if (md5 && this.#expected?.md5 && this.#expected.md5 !== md5) throw mismatch(what, "MD5", md5);
    return md5 ? { crc64, md5 } : { crc64 };
  }
}

function mismatch(what: string, kind: string, actual: string): TransferError {
  return new TransferError("checksum-mismatch", `Cannot accept ${what}: the ${kind} of what arrived is ${actual}`);
}
