/** The worker that takes digests: MD5 and CRC-64/NVME of Blob slices, many side by side, read once. */

import { MiB, type PartDigest } from "@naru/core";
import { LaneDigester, type LaneReader } from "@naru/core/lanes";
import { readSlices } from "./read-slices.ts";

/** Asks for the digests of `blobs`, in order. */
export interface HashRequest {
  readonly id: number;
  readonly blobs: readonly Blob[];
  /** Whether their bytes are wanted too: they are small. */
  readonly read: boolean;
}

/** A blob's digests, and its bytes if they were wanted. */
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

/** To read a file a second time costs as much as the first time, and for small files that is nearly all. */
async function readAndHash(blob: Blob): Promise<Hashed> {
  const bytes = await blob.arrayBuffer();
  const read = readerOf([new Uint8Array(bytes)][Symbol.iterator]());
  return { ...(await digester.digest({ size: blob.size, read })), bytes };
}

async function answer({ id, blobs, read }: HashRequest): Promise<HashReply> {
  try {
    return { id, hashed: await Promise.all(blobs.map(read ? readAndHash : hash)) };
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
