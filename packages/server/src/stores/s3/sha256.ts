import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";

type Key = string | ArrayBuffer | ArrayBufferView;

/** SHA-256, keyed or not, in the shape that the signer asks for. */
export class Sha256 {
  readonly #key: string | Uint8Array | undefined;
  #hash: Hash | Hmac;

  constructor(key?: Key) {
    this.#key = key === undefined || typeof key === "string" ? key : bytesOf(key);
    this.#hash = this.#fresh();
  }

  update(data: Key): void {
    this.#hash.update(typeof data === "string" ? data : bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#fresh();
  }

  #fresh(): Hash | Hmac {
    return this.#key === undefined ? createHash("sha256") : createHmac("sha256", this.#key);
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
