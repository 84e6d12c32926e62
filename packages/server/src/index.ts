export { type LocalAccounts, openLocalAccounts } from "./accounts/local-accounts.ts";
export type { Mount } from "./catalogue/mount-table.ts";
export type { Door, DoorAddress, OpenedDoor } from "./door.ts";
export * as doorTable from "./door-table.ts";
export type { FtpOptions } from "./ftp/ftp-door.ts";
export type { FirstStart, Ground, GroundOptions } from "./ground.ts";
export type { HttpOptions } from "./http/http-door.ts";
export type { Held, Locks } from "./locks/locks.ts";
export { memoryLocks } from "./locks/memory-locks.ts";
export { makeLog, silentLog } from "./logger.ts";
export type { DirectStore, FileCopier, ServedStore } from "./served-store.ts";
export {
  createServer,
  type DoorOptions,
  type DoorTable,
  type MakeDoor,
  type NaruServer,
  openServer,
  type ServerOptions,
} from "./server.ts";
export type { SftpOptions } from "./sftp/sftp-door.ts";
export {
  type AzureCredentials,
  type AzureStoreOptions,
  azureStore,
  type Container,
} from "./stores/azure/azure-store.ts";
export { type FileStoreOptions, fileStore } from "./stores/file/file-store.ts";
export {
  type Bucket,
  type CorsVerdict,
  type S3Credentials,
  type S3StoreOptions,
  s3Store,
} from "./stores/s3/s3-store.ts";
