import type { DigestName } from "../gateway/file-digest.ts";

/** The names that HASH (draft-bryan-ftpext-hash) has for checksums. */
export type HashName = "SHA-256" | "MD5";

/** What the gateway calls them. */
export const hashNames: Readonly<Record<HashName, DigestName>> = { "SHA-256": "sha256", MD5: "md5" };

/** Read the name of a checksum, in any case. */
export function parseHashName(text: string): HashName | undefined {
  const name = text.toUpperCase();
  return name === "SHA-256" || name === "MD5" ? name : undefined;
}
