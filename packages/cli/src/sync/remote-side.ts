/** A folder at the server as a side of a sync. */

import type { NaruApi } from "@naru/client";
import { isTransferError, isUsablePath, normalizePath, TransferError } from "@naru/core";
import { isFolder } from "../remote-path.ts";
import { FolderBuilder } from "./folder-builder.ts";
import type { SyncSide } from "./sync-side.ts";

const oddName = "another program gave it a name that Naru does not use; see naru mv --escaped";

/** Open the folder whose paths begin with `prefix`: `""`, or text with a final slash. */
export function remoteSide(api: NaruApi, prefix: string): SyncSide {
  return {
    read: async (folder, { signal } = {}) => {
      const inside = folder === "" ? prefix : `${prefix}${folder}/`;
      const content = new FolderBuilder();
      let cursor: string | undefined;
      let found = 0;
      do {
        const page = await api.list({ prefix: inside, delimiter: "/", cursor, signal });
        found += page.folders.length + page.files.length;
        for (const path of page.folders) {
          const name = nameIn(inside, path.slice(0, -1));
          if (isUsablePath(path.slice(0, -1))) content.folder(name);
          else content.leave(name, oddName, { isFailure: true });
        }
        for (const wire of page.files) {
          const name = nameIn(inside, wire.path);
          const modifiedMs = Date.parse(wire.modified);
          if (wire.usable === false || !isUsablePath(wire.path)) content.leave(name, oddName, { isFailure: true });
          else content.file({ name, size: wire.size, modifiedMs, wire });
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      // Only the folder that was named may be missing: the others stand in the listing of the one above.
      if (found > 0 || folder !== "" || prefix === "") return content;
      return (await isFolder(api, prefix.slice(0, -1), { signal })) ? content : undefined;
    },
    fault: (path) => {
      try {
        normalizePath(`${prefix}${path}`);
        return undefined;
      } catch (error) {
        if (isTransferError(error)) return error;
        throw error;
      }
    },
  };
}

/** @throws {TransferError} `invalid` where a listing tells of something elsewhere: a name from it may not lead out of a folder */
function nameIn(folder: string, path: string): string {
  const name = path.slice(folder.length);
  if (path.startsWith(folder) && !name.includes("/")) return name;
  throw new TransferError("invalid", `Cannot sync "${folder}": the server lists "${path}" in it`);
}
