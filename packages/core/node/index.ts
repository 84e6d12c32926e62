/**
 * What programs in Node share beyond the engine.
 *
 * @module
 */

export { gatherWrites } from "./gathered-writes.ts";
export { youngGarbage } from "./young-garbage.ts";
