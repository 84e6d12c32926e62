/** Rows that come back: from the journal after a reload, from a tab that is gone, from the server's list of my uploads. */

import type { WireUpload } from "@naru/core";
import { permissionOf } from "./file-permission.ts";
import type { JournalEntry } from "./idb-journal.ts";
import { Row } from "./row.ts";

/** Make the row of a journal entry: `waiting` when it can go on by itself, else it needs a click or its file. */
export async function recoveredRow(entry: JournalEntry): Promise<Row> {
  const row = new Row(entry);
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
  const { key, path, name, size, lastModified, type, created, id: uploadId, handle } = row;
  return { key, user, owner, path, name, size, lastModified, type, created, uploadId, handle };
}
