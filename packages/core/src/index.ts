export * from "./engine.ts";
export * from "./errors.ts";
export * from "./store.ts";
export * from "./units.ts";
export * from "./wire.ts";
