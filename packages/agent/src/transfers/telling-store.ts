/** The far side as an request sees it: what it says is written down, and told to the spool. */

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

export interface TellingOptions {
  readonly size: number;
  /** Whether it was told to complete before, by a run that did not hear the answer. */
  readonly completing: boolean;
  readonly spool: Spool | undefined;
  /** The upload was made; called before it is used. */
  readonly onCreated: (upload: string) => Promise<void>;
  /** All parts are there; called before the far side is told to complete. */
  readonly onCompleting: () => Promise<void>;
  /** Look whether the file has arrived though nobody heard. */
  readonly arrived: () => Promise<StoredFile | undefined>;
}

/** Make a store that has each new upload remembered before it is used, and each receipt told to the spool. */
export function tellingStore(store: Store, options: TellingOptions): Store {
  const { size, completing, spool, onCreated, onCompleting, arrived } = options;
  let wasTold = completing;
  const told = wrapStore(store, {
    upload: (upload) => ({
      put: async (part, body, how) => {
        const receipt = await upload.put(part, body, how);
        await spool?.confirm(part);
        return receipt;
      },
      complete: async (how) => {
        const isAgain = wasTold;
        wasTold = true;
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
  return {
    direct: told.direct,
    limitsFor: (path) => told.limitsFor(path),
    resume: (id, how) => told.resume(id, how),
    create: async (spec, how) => {
      const upload = await told.create(spec, how);
      wasTold = false;
      await onCreated(upload.id);
      return upload;
    },
  };
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
