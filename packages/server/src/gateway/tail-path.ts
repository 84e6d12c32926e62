import { randomBytes } from "node:crypto";
import { hiddenFolder } from "@naru/core";

/** A new hidden file for bytes of an upload that are no part yet. */
export function tailPath(upload: string): string {
  return `${hiddenFolder}/tails/${upload}/${randomBytes(8).toString("hex")}`;
}
