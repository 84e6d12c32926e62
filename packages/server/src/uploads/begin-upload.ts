import {
  type Abortable,
  type ConflictPolicy,
  type CreateUpload,
  defaultConflict,
  renamed,
  type Store,
  type Upload,
} from "@naru/core";
import type { PathClaims } from "../catalogue/path-claims.ts";
import type { Holder } from "./holder.ts";
import { uploadSpec } from "./wire-upload.ts";

export interface BeginOptions extends Abortable {
  readonly store: Store;
  readonly claims: PathClaims;
  readonly conflict: ConflictPolicy;
  readonly partSize: number;
}

/** Its path is claimed until it is disposed of, when the ledger knows it. */
export interface BegunUpload extends Disposable {
  readonly path: string;
  readonly upload: Upload;
}

/** What is done when the path is taken, as far as the sender has the right to it. */
export function conflictOf(
  { path, conflict }: Pick<CreateUpload, "path" | "conflict">,
  rights: Holder["rights"],
): ConflictPolicy {
  // A file that got another name would be out of reach.
  const mayRename = rights?.may("write", renamed(path, 2)) ?? true;
  const wanted = mayRename || conflict === "fail" ? (conflict ?? defaultConflict.upload) : "overwrite";
  // Who may not replace is not told what is there either.
  return (rights?.may("replace", path) ?? true) ? wanted : "rename";
}

/**
 * Claim a path and make an upload for it. Where no other name may be chosen, the store makes it while it is asked what is there,
 * and forgets it when the path is refused.
 *
 * @throws {TransferError} what claiming the path throws, and what the store does
 */
export async function beginUpload(wish: CreateUpload, options: BeginOptions): Promise<BegunUpload> {
  const { claims, conflict, partSize, signal, store } = options;
  const create = (path: string): Promise<Upload> =>
    store.create(uploadSpec(wish, path, wish.size, partSize), { signal });
  const begun = conflict === "overwrite" ? create(wish.path) : undefined;
  // Its failure is told once the path is claimed.
  begun?.catch(() => undefined);
  const claim = await claims.claim(wish.path, conflict, { signal }).catch(async (error: unknown) => {
    await begun?.then((upload) => upload.abort()).catch(() => undefined);
    throw error;
  });
  const release = (): void => claim[Symbol.dispose]();
  try {
    return { path: claim.path, upload: await (begun ?? create(claim.path)), [Symbol.dispose]: release };
  } catch (error) {
    release();
    throw error;
  }
}
