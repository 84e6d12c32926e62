import { type Abortable, type StoredFile, TransferError } from "@naru/core";
import type { FileFacts } from "../catalogue/file-facts.ts";
import type { FillingPart } from "./filling-part.ts";
import { type GatewayPlace, patiently } from "./gateway-place.ts";
import type { KeptUpload } from "./kept-upload.ts";

export interface Publishing {
  readonly kept: KeptUpload;
  readonly filling: FillingPart;
  /** What its owner calls it, and where it is to appear: not the same for a temporary name. */
  readonly name: string;
  readonly key: string;
  readonly modified: Date | undefined;
}

/** A file that was closed: it appears, or waits for its final name if it has a temporary one. */
export async function closeArrival(
  place: GatewayPlace,
  publishing: Publishing,
  options: Abortable,
): Promise<StoredFile> {
  const { kept, filling, name, key, modified } = publishing;
  if (filling.isSmall && place.store.putFile) return writeSmall(place, publishing, options);
  if (name === key) return place.ledger.paths.alone(key, () => publishHeld(place, publishing, options));
  await filling.keep();
  await kept.noteFinished(place.now());
  const digests = await filling.digests();
  if (digests && kept.id !== undefined) place.digests.set(kept.id, digests);
  return { path: name, size: filling.end, etag: kept.id ?? "", modified: modified ?? new Date(place.now()) };
}

/** Make the file appear where its upload leads to, for a caller that holds that path. */
export async function publishHeld(
  place: GatewayPlace,
  { kept, filling, modified }: Publishing,
  options: Abortable,
): Promise<StoredFile> {
  await filling.sendLast();
  await kept.checkLease();
  const digests = (await filling.digests()) ?? place.digests.get(kept.id ?? "");
  const size = filling.end;
  const file = await patiently(place, (abort) => kept.complete(filling.receipts, abort), calm(options));
  if (file.size !== size) {
    throw new TransferError("checksum-mismatch", `Cannot publish "${file.path}": the store has ${file.size} bytes`);
  }
  await remember(place, file, { ...digests, ...told(modified) });
  await kept.close();
  place.log.info({ upload: kept.id, path: file.path, size }, "arrival complete");
  return file;
}

/** What fits into memory is written in one call. */
async function writeSmall(
  place: GatewayPlace,
  { filling, name, modified }: Publishing,
  options: Abortable,
): Promise<StoredFile> {
  const { ledger, store } = place;
  const { digest, digests } = await filling.hashSmall();
  const put = async (abort: Abortable): Promise<StoredFile | undefined> =>
    store.putFile?.({ path: name, size: filling.end, modified }, filling.memoryBody(), { ...abort, digest });
  return ledger.paths.alone(name, async () => {
    const file = await patiently(place, put, calm(options));
    if (!file) throw new TransferError("unsupported", `Cannot write "${name}": the store accepts only parts`);
    await remember(place, file, { ...digests, ...told(modified) });
    return file;
  });
}

async function remember({ ledger }: GatewayPlace, file: StoredFile, facts: FileFacts): Promise<void> {
  await ledger.rememberChecksum(file);
  if (Object.keys(facts).length > 0) await ledger.facts.note(file, facts);
  else await ledger.facts.forget(file.path);
}

/** What the owner says of its date: a bucket's listings tell another one than the file itself. */
function told(modified: Date | undefined): FileFacts {
  return modified === undefined ? {} : { modified: modified.getTime() };
}

function calm({ signal }: Abortable): { signal: AbortSignal } {
  return { signal: signal ?? new AbortController().signal };
}
