import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";
import { tempFolder } from "../stores/temp-folder.ts";

const by = { account: "ann", door: "http" };

async function open(): Promise<Opened> {
  const folder = await tempFolder();
  const db = openDatabase(":memory:");
  const at = async (): Promise<Opened["store"] & Opened["files"]> => {
    const store = await fileStore(folder.path, { durable: false });
    return openCatalogue({ store, db, now: Date.now, log: silentLog() }).catalogue.for(by);
  };
  const store = await at();
  return {
    store,
    files: store,
    reopen: at,
    plant: (path, bytes) => plant(folder.path, path, bytes),
    [Symbol.asyncDispose]: async () => {
      await db.destroy();
      await folder[Symbol.asyncDispose]();
    },
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

describeStore("what an account sees of a folder", open, {
  copyPart: "a disk copies bytes no cheaper than the server carries them",
  prepare: "nothing can be done before a part is there",
  presign: noAddress,
  "complete under onlyNew": "a rename replaces: the server looks just before, alone at the path",
  "putFile under onlyNew": "a rename replaces: the server looks just before, alone at the path",
  unfinished: "an account sees those that are its own, by `Uploads.listMine`",
  "parts by the thousand": "the store within lists them; its own suite asks",
});
describeFiles("what an account sees of a folder", open, { presignRead: noAddress });
