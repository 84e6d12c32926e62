import { crc64 } from "../src/crc64.ts";
import type { Files, Store } from "../src/store.ts";
import { type MemoryFile, memoryStore } from "./memory-store.ts";
import type { Opened } from "./place.ts";

/** A store in memory into which others put files too, under any name. */
export function plantedMemory(): Opened & { readonly store: Store & Files } {
  const held = new Map<string, MemoryFile>();
  const store = memoryStore(held);
  return {
    store,
    files: store,
    plant: async (path, bytes) => {
      const etag = crc64(bytes);
      held.set(path, { bytes, file: { path, size: bytes.length, etag, modified: new Date(0), crc64: etag } });
      return true;
    },
  };
}
