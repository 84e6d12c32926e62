import { describeFiles, describeStore, type Opened } from "@naru/core/testing";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { tempFolder } from "./temp-folder.ts";

async function open(): Promise<Opened> {
  const folder = await tempFolder();
  const store = await fileStore(folder.path);
  return {
    store,
    files: store,
    reopen: () => fileStore(folder.path),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describeStore("a folder", open);
describeFiles("a folder", open);
