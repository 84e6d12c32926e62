export * from "./api.ts";
export type { Auth, Fetch } from "./api-call.ts";
export * from "./clock.ts";
export * from "./direct-store.ts";
export * from "./http-files.ts";
export * from "./http-store.ts";
export type { RemoteStoreOptions } from "./remote-upload.ts";
export * from "./send.ts";
export * from "./upload.ts";
