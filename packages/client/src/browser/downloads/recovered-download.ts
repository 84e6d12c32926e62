/** Downloads that come back after a reload. */

import type { FetchJournal } from "@naru/core";
import { permissionOf } from "../file-permission.ts";
import { Row } from "../row.ts";
import type { DownloadEntry } from "./download-journal.ts";

/** Make the row of an entry: `waiting` when it can resume by itself; a chosen folder may need a click. */
export async function recovered(
  entry: DownloadEntry,
  folder: FileSystemDirectoryHandle | undefined,
  notes: Pick<FetchJournal, "load">,
): Promise<Row> {
  const row = Row.down(entry);
  row.folder = folder?.name;
  if (entry.saved !== undefined) {
    row.rest("done");
    row.confirmed = row.size;
    row.maySave = true;
    row.unverified = entry.unverified;
    return row;
  }
  row.confirmed = entry.whole === undefined ? bytesIn(await notes.load(), entry) : entry.size;
  if (folder !== undefined && (await permissionOf(folder)) !== "granted")
    row.rest("needs-file", { needs: "permission" });
  return row;
}

/** How much a note says is there: only shown until it has been checked. */
function bytesIn(note: unknown, { size }: DownloadEntry): number {
  if (typeof note !== "object" || note === null || !("ranges" in note) || !("rangeSize" in note)) return 0;
  const { ranges, rangeSize } = note;
  if (!Array.isArray(ranges) || typeof rangeSize !== "number") return 0;
  return Math.min(size, ranges.length * rangeSize);
}
