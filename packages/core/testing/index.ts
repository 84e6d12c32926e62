export * from "./describe.ts";
export * from "./describe-sink.ts";
export * from "./faults.ts";
export { md5 } from "./md5.ts";
export * from "./memory-disk.ts";
export type { Deviations, Opened } from "./place.ts";
export { pattern } from "./place.ts";
export { plantedMemory } from "./planted-memory.ts";
