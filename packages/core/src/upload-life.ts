/**
 * How long an upload lives that nobody works on (`docs/decisions/042-janitor.md`).
 *
 * @module
 */

import { TransferError } from "./errors.ts";
import type { UnfinishedUpload } from "./unfinished-upload.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Where its owner did not say. */
const usualLifeMs = 7 * dayMs;

/** How often it is written down that an upload of such a life is still worked on, at the least. Milliseconds. */
export function renewalMs(lifeMs: number): number {
  return Math.min(dayMs, lifeMs / 7);
}

/**
 * When an upload may be ended by whoever finds it: its owner has not worked on it for its whole life, of which the last renewal may
 * not have been written down. `leastMs` makes that later, never earlier.
 */
export function expiryOf({ renewed, owner }: Pick<UnfinishedUpload, "renewed" | "owner">, leastMs = 0): Date {
  const lifeMs = Math.max(owner?.lifeMs ?? usualLifeMs, leastMs);
  return new Date(renewed.getTime() + lifeMs + renewalMs(lifeMs));
}

/** The error of an upload that is not ended after all. */
export function workedOn(path: string | undefined): TransferError {
  return new TransferError("conflict", `Cannot end the upload of "${path ?? ""}": somebody works on it again`);
}
