import { MiB } from "@naru/core";
import { youngGarbage } from "@naru/core/node";

/**
 * Tell of buffers that were made and are not needed any more soon. Each packet that is encrypted is two: V8 marked the whole
 * heap 60 times while the agent sent 512 MiB, a third of its CPU time. Collected every 16 MiB, what waits for a slow connection
 * is old by then: 29 collections of the whole heap for 256 MiB instead of 2 to 9.
 */
export const noteGarbage: (bytes: number) => void = youngGarbage(8 * MiB);
