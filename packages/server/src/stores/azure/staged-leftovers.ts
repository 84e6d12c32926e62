import { isTransferError } from "@naru/core";
import type { Leftover } from "../../served-store.ts";
import { tokenName } from "./blob-metadata.ts";
import type { ContainerContext } from "./container-context.ts";
import { isUploadId, stageFolder } from "./stage-name.ts";
import { stagedParts } from "./staged-blocks.ts";

/**
 * Uploads that nothing has touched since a date: blobs in the folder of uploads that say of themselves which one they are. The
 * service tells when such a blob was made, not when its blocks came; their ids do.
 */
export async function* leftoversIn({ service, prefix }: ContainerContext, before: Date): AsyncGenerator<Leftover> {
  const folder = stageFolder(prefix);
  const latestBlock = async (name: string): Promise<number> => {
    const blocks = await service.blocks(name).catch((error: unknown) => {
      // It has ended meanwhile.
      if (isTransferError(error) && error.code === "not-found") return undefined;
      throw error;
    });
    const stamps = blocks === undefined ? [] : stagedParts(blocks).map(({ stamp }) => Number.parseInt(stamp, 16));
    return stamps.reduce((latest, stamp) => Math.max(latest, stamp), 0);
  };
  let cursor: string | undefined;
  do {
    const page = await service.list({ prefix: folder, cursor });
    for (const { name, modified, metadata } of page.blobs) {
      const id = name.slice(folder.length);
      const isOurs = isUploadId(id) && metadata[tokenName] === id;
      if (!isOurs || modified >= before || (await latestBlock(name)) >= before.getTime()) continue;
      yield { id, remove: () => service.drop(name) };
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}
