/** The worker that takes digests: MD5 and CRC-64/NVME of Blob slices, read once, in WebAssembly. */

import type { PartDigest } from "@naru/core";
import { createCRC64, createMD5 } from "hash-wasm";
import { readSlices } from "./read-slices.ts";

/** Asks for the digests of `blobs`, in order. */
export interface HashRequest {
  readonly id: number;
  readonly blobs: readonly Blob[];
}

export type HashReply =
  | { readonly id: number; readonly digests: readonly PartDigest[] }
  | { readonly id: number; readonly unreadable: string };

/** CRC-64/NVME as hash-wasm wants it: the polynomial ad93d23594c93659 with its bits reversed. */
const nvme = "9a6c9329ac4bc9b5";
const ready = Promise.all([createMD5(), createCRC64(nvme)]);

async function digest(blob: Blob): Promise<PartDigest> {
  const [md5, crc64] = await ready;
  md5.init();
  crc64.init();
  for await (const bytes of readSlices(blob)) {
    md5.update(bytes);
    crc64.update(bytes);
  }
  return { md5: md5.digest("hex"), crc64: crc64.digest("hex") };
}

async function answer({ id, blobs }: HashRequest): Promise<HashReply> {
  try {
    const digests: PartDigest[] = [];
    for (const blob of blobs) digests.push(await digest(blob));
    return { id, digests };
  } catch (error) {
    return { id, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

// The pool sends one request at a time, so the two hashers are never shared.
self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  // Never rejects: a failure is an answer.
  void answer(data).then((reply) => self.postMessage(reply));
};
