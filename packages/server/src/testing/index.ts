export { describeLocks, type OpenedLocks } from "./describe-locks.ts";
