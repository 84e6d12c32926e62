/** The destination as a send job sees it: its receipts go to the spool, and what completes is recorded first. */

import {
  isTransferError,
  type Part,
  partAt,
  type Receipt,
  type Store,
  type StoredFile,
  type Upload,
  wrapStore,
} from "@naru/core";
import type { Spool } from "../spool/spool.ts";

export interface RecordingOptions {
  readonly size: number;
  /** An upload that was told to complete before, by a run that did not hear the answer. */
  readonly completing: string | undefined;
  readonly spool: Spool | undefined;
  /** All parts are there; called before the far side is told to complete. */
  readonly onCompleting: () => Promise<void>;
  /** Look whether the file has arrived though nobody heard. */
  readonly arrived: () => Promise<StoredFile | undefined>;
}

/** Make a store that tells each receipt to the spool, and finds a file again whose arrival nobody heard of. */
export function recordingStore(store: Store, options: RecordingOptions): Store {
  const { size, completing, spool, onCompleting, arrived } = options;
  const asked = new Set(completing === undefined ? [] : [completing]);
  return wrapStore(store, {
    upload: (upload) => ({
      put: async (part, body, how) => {
        const receipt = await upload.put(part, body, how);
        await spool?.confirm(part);
        return receipt;
      },
      complete: async (how) => {
        const isAgain = asked.has(upload.id);
        asked.add(upload.id);
        await onCompleting();
        try {
          return await upload.complete(how);
        } catch (error) {
          const isGone = isAgain && isTransferError(error) && error.code === "not-found";
          const file = isGone ? await arrived() : undefined;
          if (file === undefined) throw error;
          return file;
        }
      },
      receipts: async (how) => {
        const receipts = await upload.receipts(how);
        await spool?.settle(fitting(receipts, upload, size));
        return receipts;
      },
    }),
  });
}

/** The engine sends a part again whose receipt does not fit the plan. */
function fitting(receipts: readonly Receipt[], { spec }: Upload, size: number): readonly Part[] {
  const { partSize } = spec;
  if (partSize === undefined) return [];
  return receipts.flatMap(({ part }) => {
    const planned = partAt(size, partSize, part.number);
    return planned?.offset === part.offset && planned.size === part.size ? [part] : [];
  });
}
