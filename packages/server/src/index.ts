export { type AccountBook, openAccountBook } from "./accounts/account-book.ts";
export { type FtpDoor, type FtpDoorOptions, ftpDoor } from "./ftp/ftp-door.ts";
export { type HttpDoor, httpDoor } from "./http/http-door.ts";
export { makeLog, silentLog } from "./http/log.ts";
export type { FirstStart, NaruServer } from "./http/server.ts";
export type { DirectStore, DoorStore } from "./http/store-info.ts";
export { createServer, type ManyDoors, type ServerOptions } from "./server.ts";
export { type HostKey, hostKeys } from "./sftp/host-keys.ts";
export { type SftpDoor, type SftpDoorOptions, sftpDoor } from "./sftp/sftp-door.ts";
export { type FileStoreOptions, fileStore } from "./stores/file/file-store.ts";
export {
  type Bucket,
  type CorsVerdict,
  type S3Credentials,
  type S3StoreOptions,
  s3Store,
} from "./stores/s3/s3-store.ts";
