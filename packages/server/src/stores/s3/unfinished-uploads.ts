import { type Abortable, type UnfinishedOptions, type UnfinishedUpload, workedOn } from "@naru/core";
import { mapPool } from "../../pool.ts";
import type { BucketContext } from "./bucket-context.ts";
import { endUpload, ifThere } from "./end-upload.ts";
import { listParts } from "./list-parts.ts";
import { readObject } from "./s3-files.ts";
import { encodeUploadKey } from "./upload-id.ts";
import { marksFolder, type ReadMark, readMark, UploadMark } from "./upload-mark.ts";

const readAtOnce = 16;

/** Find uploads by what was written beside them. The store's list of uploads is not asked: it does not tell whose they are. */
export async function* unfinishedIn(
  context: BucketContext,
  { before, signal }: UnfinishedOptions = {},
): AsyncGenerator<UnfinishedUpload> {
  const { control, prefix, clock } = context;
  let cursor: string | undefined;
  do {
    const page = await control.list({ prefix: prefix + marksFolder, cursor, signal });
    const dated = page.objects.map(({ key, modified }) => ({
      name: key.slice(prefix.length + marksFolder.length),
      renewed: new Date(modified.getTime() - clock.skewMs),
      markedMs: modified.getTime(),
    }));
    const old = dated.filter(({ renewed }) => before === undefined || renewed < before);
    const found = await mapPool(old, readAtOnce, async ({ name, renewed, markedMs }) => {
      const mark = await markOf(context, name, { signal });
      return mark && unfinishedUpload(context, mark, { renewed, markedMs });
    });
    yield* found.filter((upload) => upload !== undefined);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function markOf(context: BucketContext, name: string, options: Abortable): Promise<ReadMark | undefined> {
  // Its upload may complete meanwhile.
  const body = await ifThere(readObject(context, marksFolder + name, options));
  return body && readMark(await new Response(body).text(), { name, prefix: context.prefix });
}

function unfinishedUpload(
  context: BucketContext,
  { uploadKey, begun, owner }: ReadMark,
  { renewed, markedMs }: { readonly renewed: Date; readonly markedMs: number },
): UnfinishedUpload {
  return {
    id: encodeUploadKey(uploadKey),
    path: uploadKey.spec.path,
    begun,
    renewed,
    owner,
    async size(options = {}) {
      const parts = (await ifThere(listParts(context, uploadKey, options))) ?? [];
      return parts.reduce((sum, { size }) => sum + size, 0);
    },
    async end(options = {}) {
      // Those found before it may have taken hours to end. Both times are the listing's, so that they compare.
      const markKey = context.prefix + marksFolder + uploadKey.token;
      const { objects } = await context.control.list({ prefix: markKey, limit: 1, ...options });
      const latestMs = objects[0]?.modified.getTime() ?? 0;
      if (latestMs > markedMs) throw workedOn(uploadKey.spec.path);
      await endUpload(context, uploadKey, options);
      await new UploadMark(context, uploadKey).remove(options);
    },
  };
}
