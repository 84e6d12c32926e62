import { type Abortable, TransferError } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";
import type { ListedPart } from "./s3-answers.ts";

/** All parts that the store has of an upload, by number. */
export async function listParts(
  { control }: BucketContext,
  { key, uploadId }: { readonly key: string; readonly uploadId: string },
  { signal }: Abortable,
): Promise<readonly ListedPart[]> {
  const all: ListedPart[] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page = await control.parts(key, uploadId, { after, signal });
    all.push(...page.parts);
    if (page.next !== undefined && page.next <= after) throw again(key);
    after = page.next;
  }
  return all;
}

/** Without it, such a store would be asked without end. */
function again(key: string): TransferError {
  return new TransferError("internal", `Cannot list the parts of "${key}": the store leads to the same page again`);
}
