/** `file:DIR`: files lie in a folder of this machine. */

import { resolve } from "node:path";
import { type StoreAddress, type StoreScheme, wrongUrl } from "./store-scheme.ts";

interface FolderAddress extends StoreAddress {
  readonly kind: "file";
  readonly folder: string;
}

function read(url: string): FolderAddress {
  const folder = url.slice("file:".length).replace(/^\/\/(?=\/)/, "");
  if (folder === "") throw wrongUrl(url, "it names no folder");
  return { kind: "file", folder: resolve(folder) };
}

export const fileScheme: StoreScheme = {
  form: "file:DIR",
  keys: {},
  read,
  async open(url, { readOnly } = {}) {
    const { folder } = read(url);
    const { fileStore } = await import("@naru/server/file-store");
    return fileStore(folder, { readOnly });
  },
};
