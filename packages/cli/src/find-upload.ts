/** Finds the unfinished upload of a file, by the journal or the server's list, and makes sure that it is of this very file. */

import type { FileSource } from "@naru/client/node";
import { isTransferError, type WireUpload } from "@naru/core";
import type { LocalFile } from "./local-files.ts";
import type { PutContext } from "./put-context.ts";

export interface Wanted {
  readonly key: string;
  readonly local: LocalFile;
  readonly source: FileSource;
}

/** Give the id of the upload to go on with; `undefined` to begin a new one. */
export async function findUpload(context: PutContext, wanted: Wanted): Promise<string | undefined> {
  const { journal, progress } = context;
  const { key, local, source } = wanted;
  const entry = await journal.load(key);
  if (entry && (entry.size !== source.size || entry.modifiedMs !== source.facts.modifiedMs)) {
    progress.say(`${local.path}: the file has changed since its upload was cut; sending all of it`);
    await journal.forget(key);
    return undefined;
  }
  const upload = entry ? await lookUp(context, entry.upload) : await matching(context, wanted);
  if (upload === undefined) return undefined;
  if (await sameBytes(context, upload, source)) return upload.id;
  progress.say(`${local.path}: the unfinished upload is of another file; sending all of it`);
  return undefined;
}

async function lookUp({ api, signal }: PutContext, id: string): Promise<WireUpload | undefined> {
  try {
    return await api.get(id, { signal });
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return undefined;
    throw error;
  }
}

async function matching(context: PutContext, { local, source }: Wanted): Promise<WireUpload | undefined> {
  const found = context.mine.find(
    ({ path, size, modified, door }) =>
      // What an SFTP or FTP client is writing is not ours to go on with.
      door === undefined &&
      path === local.path &&
      size === source.size &&
      modified !== undefined &&
      Date.parse(modified) === source.facts.modifiedMs,
  );
  return found && lookUp(context, found.id);
}

/** Compare the MD5 of one part that the store holds with the same bytes here. */
async function sameBytes(context: PutContext, upload: WireUpload, source: FileSource): Promise<boolean> {
  if (upload.size !== source.size) return false;
  const held = upload.receipts?.find(({ md5 }) => md5 !== undefined);
  if (held === undefined) return true;
  const body = source.slice(held.offset, held.offset + held.size);
  const { md5 } = await context.digester.digest(body, { signal: context.signal });
  return md5 === held.md5;
}
