import type { Leftover } from "../../served-store.ts";
import { tokenName } from "./blob-metadata.ts";
import type { ContainerContext } from "./container-context.ts";
import { isUploadId, stageFolder } from "./stage-name.ts";

/** Uploads that wait since before a date: blobs in the folder of uploads that say of themselves which one they are. */
export async function* leftoversIn({ service, prefix }: ContainerContext, before: Date): AsyncGenerator<Leftover> {
  const folder = stageFolder(prefix);
  let cursor: string | undefined;
  do {
    const page = await service.list({ prefix: folder, cursor });
    for (const { name, modified, metadata } of page.blobs) {
      const id = name.slice(folder.length);
      const isOurs = isUploadId(id) && metadata[tokenName] === id;
      if (isOurs && modified < before) yield { id, remove: () => service.drop(name) };
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}
