/**
 * A disk in memory, with sinks on it, which forgets in a crash what was not synced.
 *
 * @module
 */

import { crc64 } from "../src/crc64.ts";
import { TransferError } from "../src/errors.ts";
import type { Sink } from "../src/sink.ts";

/** Whole files by their names, and half ones that no name leads to. */
export interface MemoryDisk {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Open the sink of a file; what an earlier one of this size held is there. */
  open(name: string, size: number): Sink;
  /** The program ends and the power fails: only what was synced stays. */
  crash(): void;
}

interface Half {
  readonly bytes: Uint8Array;
  synced: Uint8Array;
}

/** Make a disk with nothing on it. */
export function memoryDisk(): MemoryDisk {
  const files = new Map<string, Uint8Array>();
  const halves = new Map<string, Half>();
  return {
    files,
    open(name, size) {
      const left = halves.get(name);
      const fresh = left?.bytes.length !== size;
      const half = fresh ? { bytes: new Uint8Array(size), synced: new Uint8Array(size) } : left;
      halves.set(name, half);
      return {
        size,
        fresh,
        async write(offset, chunks) {
          const end = chunks.reduce((sum, { length }) => sum + length, offset);
          if (offset < 0 || end > size)
            throw new TransferError("invalid", `Cannot write ${offset}-${end} of "${name}": it has ${size} bytes`);
          let at = offset;
          for (const chunk of chunks) {
            half.bytes.set(chunk, at);
            at += chunk.length;
          }
        },
        async sync() {
          half.synced = half.bytes.slice();
        },
        crc64: async ({ start, end }) => crc64(half.bytes.subarray(start, end)),
        async complete() {
          files.set(name, half.bytes);
          halves.delete(name);
        },
        async discard() {
          halves.delete(name);
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    crash() {
      for (const [name, { synced }] of halves) halves.set(name, { bytes: synced.slice(), synced });
    },
  };
}
