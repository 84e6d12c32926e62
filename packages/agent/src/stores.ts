/** Servers of any make as stores, for programs beside the agent. */

export { ftpStore } from "./stores/ftp-store.ts";
export type { RemoteStore } from "./stores/remote-store.ts";
export { sftpStore } from "./stores/sftp-store.ts";
