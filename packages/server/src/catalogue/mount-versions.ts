/** What files were, of all mounts that keep it. */

import { TransferError } from "@naru/core";
import type { FileVersions } from "../served-store.ts";
import { type MountTable, outward } from "./mount-table.ts";

export function mountVersions(table: MountTable): FileVersions {
  const at = (whole: string): { readonly versions: FileVersions; readonly path: string } => {
    const { mount, path } = table.at(whole);
    const { versions } = mount.store;
    if (versions) return { versions, path };
    throw new TransferError("unsupported", `Cannot find what "${whole}" was: its store does not keep that`);
  };
  return {
    keeps: async (path) => {
      const { mount, path: inner } = table.at(path);
      return (await mount.store.versions?.keeps(inner)) ?? false;
    },
    list: async (path, options) => {
      const { path: inner, versions } = at(path);
      return versions.list(inner, options);
    },
    stat: async (path, version, options) => {
      const { path: inner, versions } = at(path);
      const file = await versions.stat(inner, version, options);
      return file && outward(table.at(path).mount, file);
    },
    read: async (path, version, options) => {
      const { path: inner, versions } = at(path);
      return versions.read(inner, version, options);
    },
    restore: async (path, version, options) => {
      const { path: inner, versions } = at(path);
      return outward(table.at(path).mount, await versions.restore(inner, version, options));
    },
  };
}
