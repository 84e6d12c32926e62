import { KiB } from "../units.ts";
import { crc64Bytes, crc64MoreTables } from "./crc64-code.ts";
import { crc64Table, type Word } from "./crc64-table.ts";
import { wasmModule } from "./wasm-code.ts";

const stateAt = 32 * KiB;
const bytesAt = 64 * KiB;
const roomSize = 64 * KiB;

interface Exports extends MoreTables {
  readonly memory: WebAssembly.Memory;
  crc64(pointer: number, length: number, stateAt: number): void;
}

let shared: ((before: Word, bytes: Uint8Array) => Word) | undefined;

/** Take bytes into a CRC-64/NVME (without its final turn), in WebAssembly's memory, which all of a thread share. */
export function crc64InMemory(before: Word, bytes: Uint8Array): Word {
  shared ??= makeShared();
  return shared(before, bytes);
}

function makeShared(): (before: Word, bytes: Uint8Array) => Word {
  const module = new WebAssembly.Module(
    wasmModule([crc64Bytes(0), crc64MoreTables(0)], (bytesAt + roomSize) / (64 * KiB)),
  );
  // Assembled just above, with these exports.
  const exports = new WebAssembly.Instance(module).exports as unknown as Exports;
  const room = new Uint8Array(exports.memory.buffer, bytesAt, roomSize);
  const view = new DataView(exports.memory.buffer);
  putTables(view, exports);
  return ({ hi, lo }, bytes) => {
    view.setInt32(stateAt, lo, true);
    view.setInt32(stateAt + 4, hi, true);
    for (let from = 0; from < bytes.length; from += roomSize) {
      const piece = bytes.subarray(from, from + roomSize);
      room.set(piece);
      exports.crc64(bytesAt, piece.length, stateAt);
    }
    return { hi: view.getInt32(stateAt + 4, true), lo: view.getInt32(stateAt, true) };
  };
}

/** What `crc64MoreTables` exports. */
export interface MoreTables {
  moreTables(at: number): void;
}

/** Put the tables at the front of a memory, as `crc64Bytes(0)` expects them. */
export function putTables(view: DataView, { moreTables }: MoreTables): void {
  for (const [index, low] of crc64Table.lows.entries()) {
    view.setInt32(index * 8, low, true);
    view.setInt32(index * 8 + 4, crc64Table.highs[index] ?? 0, true);
  }
  moreTables(0);
}
