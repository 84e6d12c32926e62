import { createHash } from "node:crypto";

export interface StreamDigests {
  readonly md5: string;
  readonly sha256: string;
}

/** MD5 and SHA-256 of a file while it streams in; they hold only as long as no byte is missed or changed. */
export class StreamHash {
  readonly #md5 = createHash("md5");
  readonly #sha256 = createHash("sha256");
  /** How many bytes they are of. */
  #size = 0;

  /** Take in the bytes at `offset`; false if they do not go on where the last ended. */
  update(offset: number, bytes: Uint8Array): boolean {
    if (offset !== this.#size) return false;
    this.#md5.update(bytes);
    this.#sha256.update(bytes);
    this.#size += bytes.length;
    return true;
  }

  /** The digests, if they are of `size` bytes. */
  digests(size: number): StreamDigests | undefined {
    if (size !== this.#size) return undefined;
    return { md5: this.#md5.copy().digest("hex"), sha256: this.#sha256.copy().digest("hex") };
  }
}
