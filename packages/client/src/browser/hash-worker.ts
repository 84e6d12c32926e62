/** The worker that takes digests: MD5 and CRC-64/NVME of Blob slices, many side by side, read once. */

import type { PartDigest } from "@naru/core";
import { LaneDigester, type LaneReader } from "@naru/core/lanes";
import { readSlices } from "./read-slices.ts";

/** Asks for the digests of `blobs`, in order. */
export interface HashRequest {
  readonly id: number;
  readonly blobs: readonly Blob[];
}

export type HashReply =
  | { readonly id: number; readonly digests: readonly PartDigest[] }
  | { readonly id: number; readonly unreadable: string };

// Reading a Blob waits; other requests come in meanwhile.
const digester = new LaneDigester({ pause: () => Promise.resolve() });

function readerOf(blob: Blob): LaneReader {
  const slices = readSlices(blob);
  let slice: Uint8Array<ArrayBuffer> = new Uint8Array();
  const take = (room: Uint8Array<ArrayBuffer>): number => {
    const piece = slice.subarray(0, room.length);
    room.set(piece);
    slice = slice.subarray(piece.length);
    return piece.length;
  };
  const takeNext = async (room: Uint8Array<ArrayBuffer>): Promise<number> => {
    slice = (await slices.next()).value ?? slice;
    return take(room);
  };
  return { size: blob.size, read: (room) => (slice.length > 0 ? take(room) : takeNext(room)) };
}

async function answer({ id, blobs }: HashRequest): Promise<HashReply> {
  try {
    return { id, digests: await Promise.all(blobs.map((blob) => digester.digest(readerOf(blob)))) };
  } catch (error) {
    return { id, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  // Never rejects: a failure is an answer.
  void answer(data).then((reply) => self.postMessage(reply));
};
