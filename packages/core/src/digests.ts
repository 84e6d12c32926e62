/**
 * Digests of parts.
 *
 * @module
 */

import type { PartDigest } from "./store.ts";

/** Both digests of a part, or nothing: a store that checks wants all of them. */
export function wholeDigest(digest: Partial<PartDigest> | undefined): PartDigest | undefined {
  const { md5, crc64 } = digest ?? {};
  return md5 === undefined || crc64 === undefined ? undefined : { md5, crc64 };
}
