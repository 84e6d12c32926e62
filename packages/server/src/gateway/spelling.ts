import { type Abortable, type Files, normalizePath } from "@naru/core";
import { parentOf, plainPath, prefixOf } from "./paths.ts";

/**
 * The key that a client's absolute path means. Names that other programs gave may be spelled decomposed (NFD), and two
 * spellings are two keys: what is there by the name as it came is meant, else the composed name (NFC). What is new is
 * composed, in its folder as that is spelled; so no second file or folder comes to stand beside one of the same name.
 *
 * @throws {TransferError} `invalid` if it names none
 */
export async function spelledKey(files: Files, path: string, options: Abortable): Promise<string> {
  const key = plainPath(path);
  const composed = key === "" ? "" : normalizePath(key);
  if (key === composed) return key;
  // The store tells which of the two it has found.
  const file = await files.stat(key, options);
  if (file) return file.path;
  return spelledFolder(files, key, options);
}

async function spelledFolder(files: Files, key: string, options: Abortable): Promise<string> {
  const composed = key.normalize("NFC");
  if (key === composed) return key;
  if (await isFolder(files, key, options)) {
    // Found by either spelling: what lies in it, or else that the other one is not there, tells by which.
    const { files: inside } = await files.list({ ...options, prefix: prefixOf(key), limit: 1 });
    const isSpelledSo = inside[0]?.path.startsWith(prefixOf(key)) ?? !(await isFolder(files, composed, options));
    return isSpelledSo ? key : composed;
  }
  const parent = await spelledFolder(files, parentOf(key), options);
  return prefixOf(parent) + composed.slice(composed.lastIndexOf("/") + 1);
}

async function isFolder(files: Files, key: string, options: Abortable): Promise<boolean> {
  if (files.folders) return files.folders.has(key, options);
  return (await files.list({ ...options, prefix: prefixOf(key), limit: 1 })).files.length > 0;
}
