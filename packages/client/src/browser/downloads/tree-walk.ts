/** What is to be downloaded: files by their paths, folders with all that is in them. */

import { TransferError, type WireFile } from "@naru/core";
import type { NaruApi } from "../../api.ts";

/** A file to download, or a folder that is to be there although nothing may be in it. */
export type Found =
  | { readonly kind: "file"; readonly file: WireFile; readonly to: string }
  | { readonly kind: "folder"; readonly to: string };

/** Walk over `paths`; folders end with `/`, and their own names stay. @throws {TransferError} `not-found` */
export async function* walk(api: Pick<NaruApi, "stat" | "list">, paths: readonly string[]): AsyncGenerator<Found> {
  for (const path of paths) {
    const above = path.replace(/\/$/u, "").lastIndexOf("/") + 1;
    if (path.endsWith("/")) yield* walkFolder(api, path, above);
    else {
      const file = await api.stat(path);
      if (file === undefined) throw new TransferError("not-found", `Cannot find "${path}": there is no such file`);
      yield { kind: "file", file, to: path.slice(above) };
    }
  }
}

async function* walkFolder(api: Pick<NaruApi, "list">, prefix: string, above: number): AsyncGenerator<Found> {
  yield { kind: "folder", to: prefix.slice(above) };
  let cursor: string | undefined;
  do {
    const page = await api.list({ prefix, delimiter: "/", cursor });
    for (const file of page.files) yield { kind: "file", file, to: file.path.slice(above) };
    for (const folder of page.folders) yield* walkFolder(api, folder, above);
    cursor = page.cursor;
  } while (cursor !== undefined);
}
