/** What a dry run can tell of a file before anything is sent: that the target does not take its name. */

import { isTransferError } from "@naru/core";
import type { Difference } from "../sync/differences.ts";
import type { CopyEnd } from "./copy-end.ts";

/** The same differences, with a failure in place of each file whose name the target refuses. */
export async function* withRefusedNames(
  found: AsyncIterable<Difference>,
  { store, prefix }: CopyEnd,
): AsyncGenerator<Difference> {
  for await (const difference of found) {
    if (difference.kind !== "new") {
      yield difference;
      continue;
    }
    try {
      store.checkPath?.(prefix + difference.to);
      yield difference;
    } catch (error) {
      if (!isTransferError(error)) throw error;
      yield { kind: "failed", error, isUnread: false };
    }
  }
}
