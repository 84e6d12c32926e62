/** One segment while it is filled: a file that grows, hashed on the way. */

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { Crc64, type Part, type PartDigest } from "@naru/core";

/** A segment in the making. */
export class SegmentFile {
  readonly part: Part;
  readonly #path: string;
  readonly #md5 = createHash("md5");
  readonly #crc64 = new Crc64();
  #handle: FileHandle | undefined;
  #length = 0;

  constructor(path: string, part: Part) {
    this.#path = path;
    this.part = part;
  }

  /** Bytes taken so far. */
  get length(): number {
    return this.#length;
  }

  get isWhole(): boolean {
    return this.#length === this.part.size;
  }

  /** Write as much as the disk takes at once; tell how much. Failing, it may be called again. */
  async write(bytes: Uint8Array): Promise<number> {
    this.#handle ??= await open(this.#path, "w", 0o600);
    const { bytesWritten } = await this.#handle.write(bytes, 0, bytes.length, this.#length);
    const written = bytes.subarray(0, bytesWritten);
    this.#md5.update(written);
    this.#crc64.update(written);
    this.#length += bytesWritten;
    return bytesWritten;
  }

  /** Bring it to the disk for good; nothing can be written then. */
  async seal(): Promise<PartDigest> {
    await this.#handle?.sync();
    await this.close();
    await syncFolder(dirname(this.#path));
    return { md5: this.#md5.digest("hex"), crc64: this.#crc64.hex() };
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

/** Bring the names in a folder to the disk. */
async function syncFolder(folder: string): Promise<void> {
  // Windows has no such call, and its journal of names needs none.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
