import { type Abortable, type Files, isUsablePath } from "@naru/core";

/** Whether there is a folder, kept or implied by a file in it. */
export async function hasFolder(store: Files, folder: string, options: Abortable): Promise<boolean> {
  if (store.folders) return store.folders.has(folder, options);
  const { files } = await store.list({ ...options, prefix: `${folder}/`, limit: 1 });
  return files.length > 0;
}

/** Keep the folder that `path` lay in: one stays when its last file goes, as on every disk. */
export async function keepFolderOf(store: Files, path: string, options: Abortable): Promise<void> {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  // What another program gave an odd name lies in no folder that could be made.
  if (!isUsablePath(folder) || !store.folders || (await store.folders.has(folder, options))) return;
  await store.folders.make(folder, options);
}
