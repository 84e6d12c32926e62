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
    manyParts: () => fileStore(folder.path, { durable: false }),
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

const noAddress = "a disk has no address that others reach";

describeStore("a folder", open, {
  copyPart: "a disk copies bytes no cheaper than the server carries them",
  prepare: "nothing can be done before a part is there",
  presign: noAddress,
  "complete under onlyNew": "a rename replaces: the server looks just before, alone at the path",
  "putFile under onlyNew": "a rename replaces: the server looks just before, alone at the path",
});
describeFiles("a folder", open, { presignRead: noAddress });
