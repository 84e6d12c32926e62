import type { Body } from "@naru/core";

/** Bytes in memory as a body. */
export function bytesBody(bytes: Uint8Array<ArrayBuffer>): Body {
  return new Blob([bytes]);
}
