import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { tempFolder } from "./temp-folder.ts";

async function open(): Promise<Opened> {
  const folder = await tempFolder();
  const store = await fileStore(folder.path);
  return {
    store,
    files: store,
    plant: (path, bytes) => plant(folder.path, path, bytes),
    reopen: () => fileStore(folder.path),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** A disk has no empty names, no dots and no slash in front. */
async function plant(folder: string, path: string, bytes: Uint8Array): Promise<boolean> {
  if (path.split("/").some((name) => name === "" || name === ".")) return false;
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, bytes);
  return true;
}

describeStore("a folder", open);
describeFiles("a folder", open);
