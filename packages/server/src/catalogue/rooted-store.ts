import type { ListOptions, StoredFile } from "@naru/core";
import type { AccountStore } from "./account-store.ts";

/**
 * A store whose caller names paths below one folder, with its final `/`, and hears no other. It is a view and no fence: what
 * may be done is what the rights of `store` say. Files are read through this server, which can stop at any moment.
 */
export function rootedStore(store: AccountStore, root: string): AccountStore {
  const inside = (path: string): string => root + path;
  const outside = (path: string): string => (path.startsWith(root) ? path.slice(root.length) : path);
  const seen = (file: StoredFile): StoredFile => ({ ...file, path: outside(file.path) });
  const { folders, mounts, presignRead: _, ...others } = store;
  return {
    ...others,
    ...(mounts && { mounts: mounts.filter((mount) => mount !== root && mount.startsWith(root)).map(outside) }),
    ...(folders && {
      folders: {
        ...folders,
        has: (path, options) => folders.has(inside(path), options),
        make: (path, options) => folders.make(inside(path), options),
        create: (path, options) => folders.create(inside(path), options),
        remove: (path, options) => folders.remove(inside(path), options),
        removeAll: (path, options) => folders.removeAll(inside(path), options),
        move: async (from, to, options) => outside(await folders.move(inside(from), inside(to), options)),
      },
    }),
    stat: async (path, options) => {
      const file = await store.stat(inside(path), options);
      return file && seen(file);
    },
    list: async (options: ListOptions = {}) => {
      const { onMissing, prefix = "" } = options;
      const told = onMissing && ((folder: string) => onMissing(outside(folder)));
      const page = await store.list({ ...options, prefix: inside(prefix), onMissing: told });
      return { ...page, files: page.files.map(seen), folders: page.folders.map(outside) };
    },
    read: (path, options) => store.read(inside(path), options),
    create: (spec, options) => store.create({ ...spec, path: inside(spec.path) }, options),
    move: async (from, to, options) => seen(await store.move(inside(from), inside(to), options)),
    remove: (path, options) => store.remove(inside(path), options),
    removeIfThere: (path, options) => store.removeIfThere(inside(path), options),
    setModified: (path, modified, options) => store.setModified(inside(path), modified, options),
    digests: (file) => store.digests({ ...file, path: inside(file.path) }),
    noteDigests: (file, digests) => store.noteDigests({ ...file, path: inside(file.path) }, digests),
  };
}
