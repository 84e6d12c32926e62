/** Downloads in a page: the browser's own, which it resumes itself. */

import type { StoredFile } from "@naru/core";
import { filePath, type NaruApi } from "../api.ts";

/** Have the browser save a file under its own name. */
export function saveFile(api: Pick<NaruApi, "origin">, { path }: Pick<StoredFile, "path">): void {
  const link = document.createElement("a");
  link.href = `${api.origin}${filePath(path)}`;
  link.download = path.slice(path.lastIndexOf("/") + 1);
  document.body.append(link);
  link.click();
  link.remove();
}
