/** A store as a side of a copy. */

import type { Files, StoredFile } from "@naru/core";
import { FolderBuilder } from "../sync/folder-builder.ts";
import type { SyncFile, SyncSide } from "../sync/sync-side.ts";

/** Open the folder whose paths begin with `prefix`: `""`, or text with a final slash. */
export function storeSide(files: Files, prefix: string): SyncSide {
  return {
    read: async (folder, { signal } = {}) => {
      const inside = folder === "" ? prefix : `${prefix}${folder}/`;
      const content = new FolderBuilder();
      let cursor: string | undefined;
      do {
        const page = await files.list({ prefix: inside, delimiter: "/", cursor, signal });
        for (const path of page.folders) content.folder(path.slice(inside.length, -1));
        for (const file of page.files) content.file(syncFileOf(file, file.path.slice(inside.length)));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return content;
    },
    // What a store does not take it refuses itself, by name.
    fault: () => undefined,
  };
}

/** A file of a store, by the name that it has on its side. */
export function syncFileOf(stored: StoredFile, name: string): SyncFile {
  return { name, size: stored.size, modifiedMs: stored.modified.getTime(), stored };
}
