import { type Abortable, type Files, TransferError } from "@naru/core";

/** What lies below a folder. */
export interface FolderTree {
  readonly files: readonly string[];
  /** The folder itself and those in it, the outermost first. */
  readonly folders: readonly string[];
}

/** More is not taken into memory at once. */
const mostEntries = 1_000_000;

/** List a folder with all that is in it, folders that are empty too. */
export async function folderTree(store: Files, folder: string, options: Abortable): Promise<FolderTree> {
  const files: string[] = [];
  const folders = [folder];
  for (const one of folders) {
    let cursor: string | undefined;
    do {
      const page = await store.list({ ...options, prefix: `${one}/`, delimiter: "/", cursor });
      for (const { path } of page.files) files.push(path);
      for (const path of page.folders) folders.push(path.slice(0, -1));
      cursor = page.cursor;
      if (files.length + folders.length > mostEntries) {
        throw new TransferError(
          "too-large",
          `Cannot look through "${folder}": it holds more than ${mostEntries} files`,
        );
      }
    } while (cursor !== undefined);
  }
  return { files, folders };
}

/** Whether there is a folder, kept or implied by a file in it. */
export async function hasFolder(store: Files, folder: string, options: Abortable): Promise<boolean> {
  if (store.folders) return store.folders.has(folder, options);
  const { files } = await store.list({ ...options, prefix: `${folder}/`, limit: 1 });
  return files.length > 0;
}

/** Keep the folder that `path` lies in: one stays when its last file goes, as on every disk. */
export async function keepFolderOf(store: Files, path: string, options: Abortable): Promise<void> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  if (folder === "" || !store.folders || (await store.folders.has(folder, options))) return;
  await store.folders.make(folder, options);
}
