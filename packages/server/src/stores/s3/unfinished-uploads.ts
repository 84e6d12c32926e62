import type { Abortable, UnfinishedOptions, UnfinishedUpload } from "@naru/core";
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
    }));
    const old = dated.filter(({ renewed }) => before === undefined || renewed < before);
    const found = await mapPool(old, readAtOnce, async ({ name, renewed }) => {
      const mark = await markOf(context, name, { signal });
      return mark && unfinishedUpload(context, mark, renewed);
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
  renewed: Date,
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
      await endUpload(context, uploadKey, options);
      await new UploadMark(context, uploadKey).remove(options);
    },
  };
}
