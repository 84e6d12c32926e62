import { type Abortable, type StoredFile, TransferError } from "@naru/core";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
import { type MoveFileOptions, moveFile, moveHeld } from "../uploads/move-file.ts";
import { taken } from "../uploads/path-claims.ts";
import { FillingPart } from "./filling-part.ts";
import type { GatewayPlace } from "./gateway-place.ts";
import { planSizes } from "./part-sizes.ts";
import { prefixOf } from "./paths.ts";
import { publishHeld } from "./publishing.ts";
import { resumeKept } from "./resume-kept.ts";

/** A folder of more files is not renamed in one call. */
const mostFiles = 10_000;

/** Rename every file of a folder, and the folders in it. */
export async function moveFolder(place: GatewayPlace, from: string, to: string, options: Abortable): Promise<void> {
  const { store } = place;
  const files: StoredFile[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ ...options, prefix: prefixOf(from), cursor });
    files.push(...page.files);
    cursor = page.cursor;
    if (files.length > mostFiles) {
      throw new TransferError("too-large", `Cannot move "${from}": it holds more than ${mostFiles} files`);
    }
  } while (cursor !== undefined);
  const folders = await foldersBelow(place, from, options);
  for (const folder of folders) await store.folders?.make(to + folder.slice(from.length), options);
  for (const { path } of files) await moveFile(place, path, to + path.slice(from.length), options);
  for (const folder of folders.reverse()) await store.folders?.remove(folder, options);
}

/** Give a closed file that waited its final name. Where its upload leads to anyway, nothing is copied. */
export function publishAs(
  place: GatewayPlace,
  record: ArrivalRecord,
  to: string,
  { replace = true, signal }: MoveFileOptions,
): Promise<void> {
  return place.ledger.paths.aloneAtBoth(record.path, to, async () => {
    if (!replace && (await place.store.stat(to, { signal }))) throw taken(to);
    await publishAsHeld(place, record, to, { signal });
  });
}

async function publishAsHeld(
  place: GatewayPlace,
  record: ArrivalRecord,
  to: string,
  options: Abortable,
): Promise<void> {
  const { store } = place;
  const inWay = record.path === to ? undefined : await store.stat(record.path, options);
  const aside = `${record.path}.naru-${record.id.slice(0, 8)}`;
  // It can appear at its own name only; who stands there steps aside meanwhile.
  if (inWay) await moveHeld(place, record.path, aside, options);
  try {
    await publishKept(place, record, options);
    if (record.path !== to) await moveHeld(place, record.path, to, options);
  } finally {
    if (inWay) await moveHeld(place, aside, record.path, options);
  }
}

async function publishKept(place: GatewayPlace, record: ArrivalRecord, options: Abortable): Promise<void> {
  const resumed = await resumeKept(place, record);
  if (!resumed) throw new TransferError("not-found", `Cannot move "${record.name}": it is gone`);
  const { kept, receipts, tail, upload } = resumed;
  const filling = new FillingPart({
    ...{ place, kept, receipts, tail: tail.pieces },
    sizes: planSizes(place.store.limits, { fixed: record.part_size }),
    modified: () => undefined,
    onFailure: () => undefined,
  });
  try {
    const modified = record.modified === null ? upload.spec.modified : new Date(record.modified);
    await publishHeld(place, { kept, filling, name: record.name, key: record.path, modified }, options);
    place.digests.delete(record.id);
  } finally {
    filling.close();
  }
}

/** The folder and those in it, outermost first. */
async function foldersBelow({ store }: GatewayPlace, folder: string, options: Abortable): Promise<string[]> {
  const found = [folder];
  for (const one of found) {
    let cursor: string | undefined;
    do {
      const page = await store.list({ ...options, prefix: prefixOf(one), delimiter: "/", cursor });
      found.push(...page.folders.map((path) => path.slice(0, -1)));
      cursor = page.cursor;
    } while (cursor !== undefined && found.length < mostFiles);
  }
  return found;
}
