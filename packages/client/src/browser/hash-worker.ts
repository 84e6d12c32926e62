/** The worker that takes digests: MD5 and CRC-64/NVME of Blob slices, many side by side, read once. */

import { MiB, type PartDigest } from "@naru/core";
import { LaneDigester, type LaneReader } from "@naru/core/lanes";
import { readSlices } from "./read-slices.ts";

/** What digests are wanted of, in order: Blobs, or pieces one after another, which come back with them. */
export type ToHash =
  | { readonly blobs: readonly Blob[] }
  | { readonly bytes: ArrayBuffer; readonly sizes: readonly number[] };
export type HashRequest = ToHash & { readonly id: number };

/** Digests, with the bytes if these were sent. */
export interface Hashed extends PartDigest {
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
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

async function hashBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Hashed> {
  const read = readerOf([bytes][Symbol.iterator]());
  return { ...(await digester.digest({ size: bytes.length, read })), bytes };
}

function pieces(bytes: ArrayBuffer, sizes: readonly number[]): readonly Uint8Array<ArrayBuffer>[] {
  let end = 0;
  const cut = sizes.map((size) => {
    end += size;
    return new Uint8Array(bytes, end - size, size);
  });
  if (end === bytes.byteLength) return cut;
  throw new Error(`the files have ${bytes.byteLength} bytes together, not ${end}`);
}

async function answer(request: HashRequest): Promise<HashReply> {
  const { id } = request;
  try {
    const hashing = "blobs" in request ? request.blobs.map(hash) : pieces(request.bytes, request.sizes).map(hashBytes);
    return { id, hashed: await Promise.all(hashing) };
  } catch (error) {
    return { id, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  // Never rejects: a failure is an answer.
  void answer(data).then((reply) => {
    self.postMessage(reply, { transfer: "bytes" in data && "hashed" in reply ? [data.bytes] : [] });
  });
};

// The worker starts with the page, long before a file is chosen.
digester.prepare();
