/** Secrets of links and their guests: 256 random bits each, kept as a SHA-256 only. */

import { createHash, randomBytes } from "node:crypto";

/** Make a secret. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Make an id, which opens nothing. */
export function newId(): string {
  return randomBytes(9).toString("base64url");
}

/** What is kept of a secret. It is found by this, so that no time tells how much of a guess was right. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
