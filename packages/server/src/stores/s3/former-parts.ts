import { type Abortable, isTransferError } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";
import type { ObjectHead } from "./s3-answers.ts";

/** Tell whether overwriting `key` would leave parts behind: the store does so, and what is there was made of parts. */
export async function wouldLeaveParts(context: BucketContext, key: string, options: Abortable): Promise<boolean> {
  return context.facts.leavesParts && isOfParts(await headIfThere(context, key, options));
}

/**
 * Remove what `key` names where overwriting would leave its parts behind for ever. From here until the new file is
 * completed there is none, so nothing may be left to do but that: every byte is at the store and was looked at
 * (`docs/decisions/015-parts-left-behind.md`).
 */
export async function removeFormer(context: BucketContext, key: string, options: Abortable): Promise<void> {
  if (!context.facts.leavesParts) return;
  // Without a condition: Swift holds no file of parts for one that has its etag.
  if (isOfParts(await headIfThere(context, key, options))) await context.control.remove(key, options);
}

/** What an object is; a missing one is `undefined`. */
export async function headIfThere(
  { control }: BucketContext,
  key: string,
  options: Abortable,
): Promise<ObjectHead | undefined> {
  try {
    return await control.head(key, options);
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return undefined;
    throw error;
  }
}

function isOfParts(head: ObjectHead | undefined): boolean {
  return head !== undefined && /-\d+$/.test(head.etag);
}
