/**
 * MD5 and CRC-64/NVME of up to eight bodies side by side, in WebAssembly. The bytes are read straight into its memory.
 * Why not a library: `docs/decisions/007-hashing-in-lanes.md`.
 *
 * @module
 */

import { TransferError } from "../errors.ts";
import type { PartDigest } from "../store.ts";
import { KiB } from "../units.ts";
import { crc64Bytes, crc64MoreTables, crc64Pair } from "./crc64-code.ts";
import { type MoreTables, putTables } from "./crc64-memory.ts";
import { laneCount, md5Lanes, stateSize } from "./md5-code.ts";
import { wasmModule } from "./wasm-code.ts";

export { laneCount };

const blockSize = 64;
const laneSize = 128 * KiB;
const md5At = 32 * KiB;
const crcAt = md5At + 2 * stateSize;
const lanesAt = 64 * KiB;
const pages = (lanesAt + laneCount * laneSize) / (64 * KiB);
/** RFC 1321 3.3, and the CRC of no bytes before its final turn. */
const emptyMd5 = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

interface Exports extends MoreTables {
  readonly memory: WebAssembly.Memory;
  /** The addresses in all lanes, then the count of blocks. */
  md5(...numbers: number[]): void;
  crc64(pointer: number, length: number, stateAt: number): void;
  crc64Pair(pointerA: number, pointerB: number, length: number, stateAtA: number, stateAtB: number): void;
}

interface Lane {
  /** Bytes in the lane's memory, and how many of them MD5 and CRC have taken. */
  filled: number;
  taken: number;
  checked: number;
  total: number;
  /** Whether MD5 is asked for. */
  md5: boolean;
}

let compiled: WebAssembly.Module | undefined;

/** Lanes with their memory. Not to be shared between calls that overlap. */
export class DigestLanes {
  readonly #exports: Exports;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #lanes: readonly Lane[] = Array.from(
    { length: laneCount },
    (): Lane => ({ filled: 0, taken: 0, checked: 0, total: 0, md5: true }),
  );

  constructor() {
    const functions = [md5Lanes(md5At), crc64Bytes(0), crc64Pair(0), crc64MoreTables(0)];
    compiled ??= new WebAssembly.Module(wasmModule(functions, pages));
    // Assembled just above, with these exports.
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as Exports;
    // The memory of a module without threads is no shared one.
    const buffer = this.#exports.memory.buffer as ArrayBuffer;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    putTables(this.#view, this.#exports);
  }

  /** Begin a body in a lane. Without `md5` only its CRC is taken, and the MD5 means nothing. */
  begin(lane: number, { md5 = true }: { readonly md5?: boolean } = {}): void {
    Object.assign(this.#lane(lane), { filled: 0, taken: 0, checked: 0, total: 0, md5 } satisfies Lane);
    for (const [word, value] of emptyMd5.entries()) this.#view.setUint32(wordAt(lane, word), value, true);
    this.#view.setBigUint64(crcAt + lane * 8, 0xffffffffffffffffn, true);
  }

  /** Where the lane's next bytes are to be put, never empty after `run`. */
  room(lane: number): Uint8Array<ArrayBuffer> {
    const start = lanesAt + lane * laneSize;
    return this.#bytes.subarray(start + this.#lane(lane).filled, start + laneSize);
  }

  /** Say that so many bytes were put into the room. */
  fill(lane: number, count: number): void {
    const one = this.#lane(lane);
    one.filled += count;
    one.total += count;
  }

  /** Take in what all lanes were filled with; best when they are filled alike. */
  run(): void {
    this.#checkAll();
    for (let blocks = this.#common(); blocks < Number.POSITIVE_INFINITY; blocks = this.#common()) this.#take(blocks);
    for (const [index, lane] of this.#lanes.entries()) {
      if (!lane.md5) lane.taken = lane.filled;
      const start = lanesAt + index * laneSize;
      this.#bytes.copyWithin(start, start + lane.taken, start + lane.filled);
      lane.filled -= lane.taken;
      lane.checked -= lane.taken;
      lane.taken = 0;
    }
  }

  /** The digests of a lane's body. Other lanes go on. */
  end(index: number): PartDigest {
    this.run();
    const lane = this.#lane(index);
    const bits = lane.total * 8;
    const room = this.room(index);
    // RFC 1321 3.1 and 3.2: a one bit, zeros, and the length in bits at the end of a block.
    const padding = (lane.filled + 8 < blockSize ? 1 : 2) * blockSize - lane.filled;
    room.fill(0, 0, padding);
    room[0] = 0x80;
    const lengthAt = room.byteOffset + padding - 8;
    this.#view.setUint32(lengthAt, bits % 2 ** 32, true);
    this.#view.setUint32(lengthAt + 4, Math.floor(bits / 2 ** 32), true);
    lane.filled += padding;
    // It belongs to MD5 alone.
    lane.checked = lane.filled;
    this.run();
    const words = [0, 1, 2, 3].map((word) => this.#view.getUint32(wordAt(index, word), false));
    const crc = BigInt.asUintN(64, ~this.#view.getBigUint64(crcAt + index * 8, true));
    return { md5: words.map((word) => hex(word, 8)).join(""), crc64: hex(crc, 16) };
  }

  /** Take what is new into the CRCs, of two lanes side by side as far as both have it. */
  #checkAll(): void {
    const waiting = [...this.#lanes.keys()].filter((index) => this.#unchecked(index) > 0);
    for (let first = 0; first + 1 < waiting.length; first += 2)
      this.#checkPair(waiting[first] ?? 0, waiting[first + 1] ?? 0);
    for (const index of waiting) {
      const count = this.#unchecked(index);
      if (count > 0) this.#exports.crc64(this.#checkFrom(index, count), count, crcAt + index * 8);
    }
  }

  #checkPair(a: number, b: number): void {
    const count = Math.min(this.#unchecked(a), this.#unchecked(b)) & ~15;
    const [fromA, fromB] = [this.#checkFrom(a, count), this.#checkFrom(b, count)];
    this.#exports.crc64Pair(fromA, fromB, count, crcAt + a * 8, crcAt + b * 8);
  }

  /** Where the lane's next `count` bytes for the CRC are, which count as taken now. */
  #checkFrom(index: number, count: number): number {
    const lane = this.#lane(index);
    const from = lanesAt + index * laneSize + lane.checked;
    lane.checked += count;
    return from;
  }

  #unchecked(index: number): number {
    const { filled, checked } = this.#lane(index);
    return filled - checked;
  }

  /** Blocks that every lane with a whole block has; infinite when none has. */
  #common(): number {
    const counts = this.#lanes.map((lane) => blocksIn(lane)).filter((blocks) => blocks > 0);
    return Math.min(...counts);
  }

  #take(blocks: number): void {
    const pointers = this.#lanes.map((lane, index) => {
      const active = blocksIn(lane) > 0;
      this.#view.setInt32(wordAt(index, 4), active ? -1 : 0, true);
      // A lane that rests is read too, for nothing; from its start it is long enough.
      return lanesAt + index * laneSize + (active ? lane.taken : 0);
    });
    const active = this.#lanes.filter((lane) => blocksIn(lane) > 0);
    this.#exports.md5(...pointers, blocks);
    for (const lane of active) lane.taken += blocks * blockSize;
  }

  #lane(index: number): Lane {
    const lane = this.#lanes[index];
    if (!lane) throw new TransferError("internal", `Cannot hash in lane ${index}: there are ${laneCount}`);
    return lane;
  }
}

/** Where a word of a lane's state is: a, b, c, d, and the mask as the fifth. */
function wordAt(lane: number, word: number): number {
  return md5At + (lane >> 2) * stateSize + word * 16 + (lane & 3) * 4;
}

function blocksIn({ filled, taken, md5 }: Lane): number {
  return !md5 ? 0 : Math.floor((filled - taken) / blockSize);
}

function hex(value: number | bigint, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
