/** Rows that come back: from the journal after a reload, from a tab that is gone, from the server's list of my uploads. */

import { defaultConflict, maxBatchUploads, type StoredFile, toStoredFile, type WireUpload } from "@naru/core";
import type { NaruApi } from "../api.ts";
import { permissionOf } from "./file-permission.ts";
import type { JournalEntry, MarkedEntry } from "./idb-journal.ts";
import { Row } from "./row.ts";

/** Make the row of a journal entry: `done`, or `waiting` when it can resume by itself, else it needs a click or its file. */
export async function recoveredRow(entry: MarkedEntry): Promise<Row> {
  const row = new Row(entry);
  row.returned = true;
  if (entry.done) {
    // It has none any more, and would look for one that is gone.
    row.id = undefined;
    row.rest("done");
    row.confirmed = row.size;
    return row;
  }
  if (!entry.handle) {
    row.rest("needs-file", { needs: "file" });
    return row;
  }
  const permission = await permissionOf(entry.handle).catch((): PermissionState => "denied");
  if (permission === "prompt") row.rest("needs-file", { needs: "permission" });
  if (permission === "denied") row.rest("needs-file", { needs: "file" });
  return row;
}

/** Make the row of an upload that only the server knows, begun in another browser or before this one forgot it. */
export function serverRow(upload: WireUpload): Row {
  const row = new Row({
    key: `upload:${upload.id}`,
    path: upload.path,
    name: upload.path.slice(upload.path.lastIndexOf("/") + 1),
    size: upload.size,
    lastModified: upload.modified === undefined ? undefined : Date.parse(upload.modified),
    type: upload.type,
    created: Date.parse(upload.created),
    uploadId: upload.id,
    handle: undefined,
  });
  row.kept = false;
  row.applyServer(upload);
  row.rest("needs-file", { needs: upload.door === undefined ? "file" : "sender" });
  return row;
}

/** What a row is in the journal of its tab. */
export function entryOf(row: Row, user: string, owner: string): JournalEntry {
  const { key, path, name, size, lastModified, type, created, id: uploadId, handle, drop, group, conflict } = row;
  const to = group?.to;
  return { key, user, owner, path, name, size, lastModified, type, created, uploadId, handle, drop, to, conflict };
}

/** Of rows that came back, those that have arrived all the same: their tab went before it heard the server's answer. */
export async function arrivedOf(
  rows: readonly Row[],
  api: Pick<NaruApi, "known">,
): Promise<readonly { readonly row: Row; readonly file: StoredFile }[]> {
  const asked = rows.flatMap((row) => {
    const { digest, path, size, id } = row;
    // What has an upload is asked of by its id.
    if (digest === undefined || id !== undefined || row.ended) return [];
    return [{ row, entry: { path, size, conflict: defaultConflict.batch, ...digest } }];
  });
  const arrived: { row: Row; file: StoredFile }[] = [];
  for (let at = 0; at < asked.length; at += maxBatchUploads) {
    const some = asked.slice(at, at + maxBatchUploads);
    const results = await api.known(some.map(({ entry }) => entry));
    for (const [index, { row }] of some.entries()) {
      const file = results[index]?.file;
      if (file) arrived.push({ row, file: toStoredFile(file) });
    }
  }
  return arrived;
}
