import { isTransferError, TransferError } from "@naru/core";
import type { FileCopier } from "../../served-store.ts";
import { existingNameOf, nameOf } from "./blob-name.ts";
import { blockId } from "./block-id.ts";
import type { ContainerContext } from "./container-context.ts";
import { isReadByService, sourceOf } from "./copy-blob.ts";
import { stageName } from "./stage-name.ts";

/** What copies from a container into another one; `undefined` where they are not of one account. */
export function copierBetween(from: ContainerContext, to: ContainerContext): FileCopier | undefined {
  if (from.endpoint !== to.endpoint) return undefined;
  const { service, prefix, clock } = to;
  const source = async (path: string, etag: string): Promise<{ url: string; etag: string }> => {
    return { ...(await sourceOf(from, existingNameOf(path, from.prefix))), etag };
  };
  return {
    wholeUpTo: to.copySizes.whole,
    reads: (path) => isReadByService(from, existingNameOf(path, from.prefix)),
    async copy(file, path, { signal } = {}) {
      const name = nameOf(path, prefix);
      // Without metadata of its own it gets that of the source.
      const from = await source(file.path, file.etag);
      return service.copy(name, from, { metadata: {} }, { signal }).catch(changedIfConflict(file.path));
    },
    async copyPart(upload, part, file, { signal } = {}) {
      const { id, etag } = blockId(part.number, undefined, clock.now());
      const range = { ...(await source(file.path, file.etag)), start: part.offset, size: part.size };
      const stage = stageName(upload, prefix);
      const crc64 = await service.blockFrom(stage, id, range, { signal }).catch(changedIfConflict(file.path));
      return { part, etag, ...(crc64 !== undefined && { digest: { crc64 } }) };
    },
  };
}

function changedIfConflict(path: string): (error: unknown) => never {
  return (error) => {
    if (!isTransferError(error) || error.code !== "conflict") throw error;
    throw new TransferError("file-changed", `Cannot copy "${path}": it changed while it was copied`, { cause: error });
  };
}
