import type { FilePage, ListOptions, StoredFile } from "@naru/core";
import type { FileVersions } from "../served-store.ts";
import { rightsBin } from "./account-bin.ts";
import type { AccountFolders, AccountStore } from "./account-store.ts";
import type { Rights } from "./rights.ts";

/** A store that asks the rights of its caller before it does anything; listings show what the caller may see. */
export function rightsStore(store: AccountStore, rights: Rights): AccountStore {
  if (rights.areAll) return store;
  const { folders, presignRead, putFile, versions } = store;
  return {
    ...store,
    ...(folders && { folders: rightsFolders(folders, rights) }),
    bin: rightsBin(store.bin, rights),
    ...(versions && { versions: rightsVersions(versions, rights) }),
    copy: async (from, to, options) => {
      rights.check("read", from, "copy");
      rights.check("write", to, "copy to");
      return store.copy(from, to, options);
    },
    create: async (spec, options) => {
      rights.check("write", spec.path, "send");
      return store.create(spec, options);
    },
    resume: async (id, options) => {
      const upload = await store.resume(id, options);
      rights.check("write", upload.spec.path, "send");
      return upload;
    },
    ...(putFile && {
      putFile: async (spec, body, options) => {
        rights.check("write", spec.path, "send");
        return putFile.call(store, spec, body, options);
      },
    }),
    stat: async (path, options) => {
      rights.check("list", path, "look at");
      return store.stat(path, options);
    },
    list: async (options) =>
      rights.showsAllOf(options?.prefix ?? "") ? store.list(options) : listShown(store, rights, options),
    read: async (path, options) => {
      rights.check("read", path, "read");
      return store.read(path, options);
    },
    ...(presignRead && {
      presignRead: async (path, options) => {
        rights.check("read", path, "read");
        return presignRead.call(store, path, options);
      },
    }),
    move: async (from, to, options) => {
      rights.check("remove", from, "move");
      rights.check("write", to, "move to");
      return store.move(from, to, options);
    },
    remove: async (path, options) => {
      rights.check("remove", path, "remove");
      return store.remove(path, options);
    },
    removeIfThere: async (path, options) => {
      rights.check("remove", path, "remove");
      return store.removeIfThere(path, options);
    },
    setModified: async (path, modified, options) => {
      rights.check("write", path, "date");
      return store.setModified(path, modified, options);
    },
  };
}

/** All that may be seen, as one page: where a page of the store ends would tell of files that may not. */
async function listShown(store: AccountStore, rights: Rights, options: ListOptions = {}): Promise<FilePage> {
  const { prefix = "" } = options;
  if (rights.showsNothing) return { files: [], folders: [] };
  const { onlyFile } = rights;
  // One file of a folder of many: the others need not be looked at.
  if (onlyFile?.startsWith(prefix) === true && !onlyFile.slice(prefix.length).includes("/")) {
    const file = rights.may("list", onlyFile) ? await store.stat(onlyFile, { signal: options.signal }) : undefined;
    return { files: file ? [file] : [], folders: [] };
  }
  const files: StoredFile[] = [];
  const folders: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ ...options, limit: 1000, cursor });
    files.push(...page.files.filter(({ path }) => rights.may("list", path)));
    folders.push(...page.folders.filter((folder) => rights.shows(folder)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { files, folders };
}

function rightsVersions(versions: FileVersions, rights: Rights): FileVersions {
  return {
    keeps: (path) => versions.keeps(path),
    list: async (path, options) => {
      rights.check("read", path, "look at");
      return versions.list(path, options);
    },
    stat: async (path, version, options) => {
      rights.check("read", path, "look at");
      return versions.stat(path, version, options);
    },
    read: async (path, version, options) => {
      rights.check("read", path, "read");
      return versions.read(path, version, options);
    },
    restore: async (path, version, options) => {
      rights.check("write", path, "restore");
      return versions.restore(path, version, options);
    },
  };
}

function rightsFolders(folders: AccountFolders, rights: Rights): AccountFolders {
  const make = (path: string): void => {
    if (!rights.leadsTo(path)) rights.check("write", `${path}/`, "make the folder");
  };
  const remove = (path: string): void => rights.check("remove", `${path}/`, "remove the folder");
  return {
    has: async (path, options) => {
      if (!rights.leadsTo(path)) rights.check("list", `${path}/`, "look at the folder");
      return folders.has(path, options);
    },
    make: async (path, options) => {
      make(path);
      return folders.make(path, options);
    },
    create: async (path, options) => {
      make(path);
      return folders.create(path, options);
    },
    remove: async (path, options) => {
      remove(path);
      return folders.remove(path, options);
    },
    removeAll: async (path, options) => {
      remove(path);
      return folders.removeAll(path, options);
    },
    copy: async (from, to, options) => {
      rights.check("read", `${from}/`, "copy the folder");
      rights.check("write", `${to}/`, "copy to");
      return folders.copy(from, to, options);
    },
    move: async (from, to, options) => {
      remove(from);
      rights.check("write", `${to}/`, "move to");
      return folders.move(from, to, options);
    },
  };
}
