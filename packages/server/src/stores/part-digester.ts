import { createHash } from "node:crypto";
import { Crc64, type PartDigest, TransferError } from "@naru/core";

/**
 * Digests of one part, computed while it passes. A CRC-64 that the sender gave is believed once its MD5 matched,
 * since computing it again would cost more than the rest of the part's way.
 */
export class PartDigester {
  readonly #expected: PartDigest | undefined;
  readonly #md5 = createHash("md5");
  readonly #crc64: Crc64 | undefined;

  constructor(expected?: PartDigest) {
    this.#expected = expected;
    this.#crc64 = expected?.md5 && expected.crc64 ? undefined : new Crc64();
  }

  update(chunk: Uint8Array): void {
    this.#md5.update(chunk);
    this.#crc64?.update(chunk);
  }

  /** @throws {TransferError} `checksum-mismatch` if it is not what the sender said */
  finish(what: string): PartDigest {
    const md5 = this.#md5.digest("hex");
    const crc64 = this.#crc64?.hex() ?? this.#expected?.crc64 ?? "";
    if (this.#expected?.md5 && this.#expected.md5 !== md5) throw mismatch(what, "MD5", md5);
    if (this.#expected?.crc64 && this.#expected.crc64 !== crc64) throw mismatch(what, "CRC-64", crc64);
    return { md5, crc64 };
  }
}

function mismatch(what: string, kind: string, actual: string): TransferError {
  return new TransferError("checksum-mismatch", `Cannot take ${what}: the ${kind} of what arrived is ${actual}`);
}
