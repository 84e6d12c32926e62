import { type Abortable, isTransferError, type UnfinishedOptions, type UnfinishedUpload, workedOn } from "@naru/core";
import { stagedSpec, stageFacts, tokenName } from "./blob-metadata.ts";
import type { ContainerContext } from "./container-context.ts";
import { isUploadId, stageFolder } from "./stage-name.ts";
import { stagedParts } from "./staged-blocks.ts";

/** Find uploads that wait: blobs in the folder of uploads that say of themselves which one they are. */
export async function* unfinishedIn(
  context: ContainerContext,
  { before, signal }: UnfinishedOptions = {},
): AsyncGenerator<UnfinishedUpload> {
  const { service, prefix, clock } = context;
  const folder = stageFolder(prefix);
  let cursor: string | undefined;
  do {
    const page = await service.list({ prefix: folder, cursor, signal });
    for (const { name, modified, metadata } of page.blobs) {
      const id = name.slice(folder.length);
      const isOurs = isUploadId(id) && metadata[tokenName] === id;
      if (!isOurs || (before !== undefined && modified.getTime() - clock.skewMs >= before.getTime())) continue;
      const latestMs = Math.max(modified.getTime(), await latestBlock(context, name, { signal }));
      const renewed = new Date(latestMs - clock.skewMs);
      if (before === undefined || renewed < before)
        yield unfinishedUpload(context, { id, name, metadata, renewed, latestMs });
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** The service says when such a blob was written, not when its blocks came; their ids do, by the service's clock. 0 where there is none. */
async function latestBlock({ service }: ContainerContext, name: string, options: Abortable): Promise<number> {
  const blocks = await service.blocks(name, options).catch((error: unknown) => {
    // It has ended meanwhile.
    if (isTransferError(error) && error.code === "not-found") return undefined;
    throw error;
  });
  const stamps = blocks === undefined ? [] : stagedParts(blocks).map(({ stamp }) => Number.parseInt(stamp, 16));
  return stamps.reduce((latest, stamp) => Math.max(latest, stamp), 0);
}

interface FoundStage {
  readonly id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly renewed: Date;
  /** In the service's time. */
  readonly latestMs: number;
}

function unfinishedUpload(
  context: ContainerContext,
  { id, name, metadata, renewed, latestMs }: FoundStage,
): UnfinishedUpload {
  const { service } = context;
  const { owner, begun = renewed } = stageFacts(metadata);
  return {
    id,
    path: pathIn(metadata, id),
    begun,
    renewed,
    owner,
    async size(options = {}) {
      if ((await service.headIfThere(name, options)) === undefined) return 0;
      return stagedParts(await service.blocks(name, options)).reduce((sum, part) => sum + part.size, 0);
    },
    async end(options = {}) {
      const { modified } = (await service.headIfThere(name, options)) ?? {};
      const nowMs = Math.max(modified?.getTime() ?? 0, modified ? await latestBlock(context, name, options) : 0);
      if (nowMs > latestMs) throw workedOn(pathIn(metadata, id));
      await service.drop(name, options);
    },
  };
}

function pathIn(metadata: Readonly<Record<string, string>>, id: string): string | undefined {
  try {
    return stagedSpec(metadata, id).path;
  } catch {
    return undefined;
  }
}
