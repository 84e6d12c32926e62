/** Downloads in a page: the browser's own, which it resumes itself. */

import type { StoredFile } from "@naru/core";
import { filePath, type NaruApi } from "../api.ts";

/** Have the browser save a file under its own name. */
export function saveFile(api: Pick<NaruApi, "origin">, { path }: Pick<StoredFile, "path">): void {
  follow(`${api.origin}${filePath(path)}`, path.slice(path.lastIndexOf("/") + 1));
}

/** Have the browser save what a page holds: it copies from the disk, and reads nothing into memory. */
export function saveBlob(blob: Blob, name: string): void {
  // Let go of with the page: nothing tells when the browser has copied it.
  follow(URL.createObjectURL(blob), name);
}

function follow(href: string, name: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
