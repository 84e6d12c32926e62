/**
 * The doors that a server can have, a line each. A door's name here is that of its options in `createServer`, and in
 * messages.
 *
 * @module
 */

export { ftpDoor as ftp } from "./ftp/ftp-door.ts";
export { httpDoor as http } from "./http/http-door.ts";
export { sftpDoor as sftp } from "./sftp/sftp-door.ts";
