import { filePath, httpFiles, type NaruApi } from "@naru/client";
import type { WireFile } from "@naru/core";
import type { ReadRange } from "./zip-directory.ts";

/** Reads ranges of one state of a file: one that changes meanwhile ends with an error. */
export function rangesOf(api: NaruApi, file: WireFile, signal: AbortSignal): ReadRange {
  const files = httpFiles(api);
  return async (start, end) => {
    if (start >= end) return new Uint8Array();
    const bytes = await files.read(file.path, { range: { start, end }, etag: file.etag, signal });
    return new Uint8Array(await new Response(bytes).arrayBuffer());
  };
}

/** Where the server shows a file. */
export function previewAddress(api: NaruApi, path: string): string {
  return `${api.origin}${filePath(path).replace(/^\/api\/files/u, "/api/previews")}`;
}

/** Where the server gives a file away. */
export function fileAddress(api: NaruApi, path: string): string {
  return `${api.origin}${filePath(path)}`;
}

/** The last name of a path. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
