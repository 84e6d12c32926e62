/** What paths at the server name: a file, or a folder, which may be written with a final slash. */

import type { NaruApi } from "@naru/client";
import { type Abortable, isTransferError } from "@naru/core";

/** Take the slash off a folder's path. */
export function plainPath(path: string): string {
  return path.replace(/(?<=[^/])\/$/u, "");
}

/** The last name of a path. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether there is such a folder; what cannot be a path is none. */
export async function isFolder(api: NaruApi, path: string, options: Abortable = {}): Promise<boolean> {
  return api.hasFolder(path, options).catch((error: unknown) => {
    if (isTransferError(error) && error.code === "invalid") return false;
    throw error;
  });
}
