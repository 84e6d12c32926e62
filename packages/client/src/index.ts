export * from "./account-api.ts";
export * from "./agent-api.ts";
export * from "./api.ts";
export type { Auth, Fetch, NaruApiOptions } from "./api-call.ts";
export * from "./archive-path.ts";
export * from "./clock.ts";
export * from "./direct-store.ts";
export * from "./doctor-api.ts";
export * from "./files-api.ts";
export * from "./http-files.ts";
export * from "./http-store.ts";
export {
  anyLimits,
  type PutPart,
  type RemoteStoreOptions,
  RemoteUpload,
  remoteStore,
  type UploadApi,
} from "./remote-upload.ts";
export * from "./send.ts";
export * from "./share-api.ts";
export * from "./upload.ts";
export * from "./upload-check-api.ts";
export { checkFacts, checkStoredPart } from "./verify-file.ts";
