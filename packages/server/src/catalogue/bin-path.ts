/**
 * Where what was removed waits: a hidden place of its own store, so that nothing is carried from one to another.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { hiddenFolder } from "@naru/core";
import { outwardPath } from "./mount-table.ts";

const pattern = /^\.naru\/(?:mounts\/[^/]+\/)?bin\/([0-9a-f]{20})(\/|$)/u;

/** Choose where something of the store at `prefix` is put. */
export function newBinPath(prefix: string): string {
  return outwardPath({ prefix }, `${hiddenFolder}/bin/${randomBytes(10).toString("hex")}`);
}

export interface BinnedPath {
  /** Of the item in the bin. */
  readonly id: string;
  /** Whether the path is the item's, not that of something in it. */
  readonly isItem: boolean;
}

/** Tell which item of the bin a path belongs to, if it is in there. */
export function binnedPath(path: string): BinnedPath | undefined {
  const [, id, rest] = pattern.exec(path) ?? [];
  return id === undefined ? undefined : { id, isItem: rest === "" };
}
