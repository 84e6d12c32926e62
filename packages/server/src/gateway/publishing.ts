import { type Abortable, type ConflictPolicy, type Receipt, type StoredFile, TransferError } from "@naru/core";
import type { Completed } from "../catalogue/publish.ts";
import type { FillingPart } from "./filling-part.ts";
import { type GatewayContext, patiently } from "./gateway-context.ts";
import type { KeptUpload } from "./kept-upload.ts";

export interface Publishing {
  readonly kept: KeptUpload;
  readonly filling: FillingPart;
  /** What its owner calls it, and where its upload leads to: not the same for a temporary name. */
  readonly name: string;
  readonly key: string;
  readonly modified: Date | undefined;
}

/** A file that was closed: it appears, or waits for its final name if it has a temporary one. */
export async function closeArrival(
  context: GatewayContext,
  publishing: Publishing,
  options: Abortable,
): Promise<StoredFile> {
  const { kept, filling, name, key, modified } = publishing;
  if (filling.isSmall && context.store.putFile) return writeSmall(context, publishing, options);
  if (name === key) return publishUpload(context, publishing, { ...options, to: key, conflict: "overwrite" });
  await filling.keep();
  await kept.noteFinished(context.now());
  return { path: name, size: filling.end, etag: kept.id ?? "", modified: modified ?? new Date(context.now()) };
}

export interface PublishOptions extends Abortable {
  readonly to: string;
  readonly conflict: ConflictPolicy;
}

/** Make the file of an upload appear. */
export async function publishUpload(
  context: GatewayContext,
  { kept, filling, key, modified, name }: Publishing,
  { conflict, to, signal }: PublishOptions,
): Promise<StoredFile> {
  const size = filling.end;
  const { id, upload } = await kept.begin(modified, { signal });
  // It travels while what has the name is looked at. A failure is met where it is waited for.
  const sent = filling.sendLast();
  const settled = sent.catch(() => undefined);
  const complete = async (): Promise<Completed> => {
    await sent;
    await kept.checkLease();
    const facts = wholeMd5(filling.receipts);
    const file = await patiently(context, (abort) => kept.complete(filling.receipts, abort), calm({ signal }));
    if (file.size === size) return { file, facts };
    throw new TransferError("checksum-mismatch", `Cannot publish "${file.path}": the store has ${file.size} bytes`);
  };
  const which = { id, storeId: upload.id, at: key };
  const facts = { modified: modified?.getTime() ?? null };
  const arriving = { by: kept.by, path: to, conflict, size, facts, upload: which, otherwise: name, complete };
  // Nothing of it is under way when the next call comes, though the name was refused.
  const file = await context.catalogue.publish(arriving, { signal }).finally(() => settled);
  context.recent.note(file.path, { is: "file", file });
  await kept.close();
  context.log.info({ upload: id, path: file.path, size }, "arrival complete");
  return file;
}

/** What fits into memory is written in one call. */
async function writeSmall(
  context: GatewayContext,
  { filling, kept, name, modified }: Publishing,
  options: Abortable,
): Promise<StoredFile> {
  const { catalogue, store } = context;
  const digest = await filling.hashSmall();
  const size = filling.end;
  const complete = async (path: string): Promise<Completed> => {
    const put = async (abort: Abortable): Promise<StoredFile | undefined> =>
      store.putFile?.({ path, size, modified }, filling.memoryBody(), { ...abort, digest });
    const file = await patiently(context, put, calm(options));
    if (file) return { file };
    throw new TransferError("unsupported", `Cannot write "${path}": the store accepts only parts`);
  };
  const facts = { ...digest, modified: modified?.getTime() ?? null };
  const arriving = { by: kept.by, path: name, conflict: "overwrite", size, facts, complete } as const;
  const file = await catalogue.publish(arriving, options);
  context.recent.note(file.path, { is: "file", file });
  return file;
}

/** The MD5 of a file of one part is the part's. That of a larger one would take longer than all the rest, and is taken when it is asked for. */
function wholeMd5([first, ...others]: readonly Receipt[]): { readonly md5: string } | undefined {
  const md5 = others.length === 0 ? first?.digest?.md5 : undefined;
  return md5 === undefined ? undefined : { md5 };
}

function calm({ signal }: Abortable): { signal: AbortSignal } {
  return { signal: signal ?? new AbortController().signal };
}
