import { createHash, type Hash } from "node:crypto";
import { Crc64, type PartDigest, TransferError } from "@naru/core";

/**
 * Digests of one part, computed while it passes. When the sender told both, only the CRC-64 is computed, and its MD5 is
 * believed once that matched: computing it again would cost more than the rest of the part's way.
 */
export class PartDigester {
  readonly #expected: PartDigest | undefined;
  readonly #md5: Hash | undefined;
  readonly #crc64 = new Crc64();

  constructor(expected?: PartDigest) {
    this.#expected = expected;
    this.#md5 = expected?.md5 && expected.crc64 ? undefined : createHash("md5");
  }

  update(chunk: Uint8Array): void {
    this.#md5?.update(chunk);
    this.#crc64.update(chunk);
  }

  /** @throws {TransferError} `checksum-mismatch` if it is not what the sender said */
  finish(what: string): PartDigest {
    const crc64 = this.#crc64.hex();
    const md5 = this.#md5?.digest("hex") ?? this.#expected?.md5 ?? "";
    if (this.#expected?.crc64 && this.#expected.crc64 !== crc64) throw mismatch(what, "CRC-64", crc64);
    if (this.#expected?.md5 && this.#expected.md5 !== md5) throw mismatch(what, "MD5", md5);
    return { md5, crc64 };
  }
}

function mismatch(what: string, kind: string, actual: string): TransferError {
  return new TransferError("checksum-mismatch", `Cannot take ${what}: the ${kind} of what arrived is ${actual}`);
}
