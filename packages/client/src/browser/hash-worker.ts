/** The worker that takes digests: MD5 and CRC-64/NVME of Blob slices, many side by side, read once. */

import { MiB, type PartDigest } from "@naru/core";
import { LaneDigester, type LaneReader } from "@naru/core/lanes";
import { readSlices } from "./read-slices.ts";

/** What digests are wanted of, in order: Blobs, or bytes, which come back with them. */
export type ToHash = { readonly blobs: readonly Blob[] } | { readonly buffers: readonly ArrayBuffer[] };
export type HashRequest = ToHash & { readonly id: number };

/** Digests, with the bytes if these were sent. */
export interface Hashed extends PartDigest {
  readonly bytes?: ArrayBuffer | undefined;
}

export type HashReply =
  | { readonly id: number; readonly hashed: readonly Hashed[] }
  | { readonly id: number; readonly unreadable: string };

// Reading a Blob waits; other requests come in meanwhile.
const digester = new LaneDigester({ pause: () => Promise.resolve(), firstAlone: 8 * MiB, firstTogether: 4 });

type Slices = AsyncIterator<Uint8Array<ArrayBuffer>> | Iterator<Uint8Array<ArrayBuffer>>;

function readerOf(slices: Slices): LaneReader["read"] {
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
  return (room) => (slice.length > 0 ? take(room) : takeNext(room));
}

async function hash(blob: Blob): Promise<Hashed> {
  return digester.digest({ size: blob.size, read: readerOf(readSlices(blob)) });
}

async function hashBytes(bytes: ArrayBuffer): Promise<Hashed> {
  const read = readerOf([new Uint8Array(bytes)][Symbol.iterator]());
  return { ...(await digester.digest({ size: bytes.byteLength, read })), bytes };
}

async function answer(request: HashRequest): Promise<HashReply> {
  const { id } = request;
  try {
    const hashing = "blobs" in request ? request.blobs.map(hash) : request.buffers.map(hashBytes);
    return { id, hashed: await Promise.all(hashing) };
  } catch (error) {
    return { id, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  // Never rejects: a failure is an answer.
  void answer(data).then((reply) => {
    const bytes = "hashed" in reply ? reply.hashed.flatMap((one) => one.bytes ?? []) : [];
    self.postMessage(reply, { transfer: bytes });
  });
};

// The worker starts with the page, long before a file is chosen.
digester.prepare();
