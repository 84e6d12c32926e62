export { RequestDecoder } from "../sftp/request-decoder.ts";
export { describeLocks, type OpenedLocks } from "./describe-locks.ts";
export { type HttpDoor, type HttpDoorOptions, httpDoor } from "./http-door.ts";
