/** Which store holds which path. */

import { hiddenFolder, isHidden, normalizePath, type StoredFile, TransferError } from "@naru/core";
import type { ServedStore } from "../served-store.ts";
import { namingFailures } from "./named-failures.ts";

/** What is a store's own at a mount lies in what is hidden of the whole, so that no path of a caller leads there. */
const hiddenMount = /^\.naru\/mounts\/([^/]+)\/(.*)$/u;

/** A store, and the folder whose files it holds. */
export interface Mount {
  /** `""`, or a folder with its final `/`. */
  readonly prefix: string;
  readonly store: ServedStore;
  /** For how many days its bin keeps what is put there; 30 by default, 0 for no bin. */
  readonly binDays?: number | undefined;
}

/** A path of one of the stores. */
export interface Located {
  readonly mount: Mount;
  /** As that store knows it. */
  readonly path: string;
}

export class MountTable {
  readonly root: Mount;
  /** The innermost first. */
  readonly others: readonly Mount[];

  /** @throws {TransferError} `invalid` */
  constructor(mounts: readonly Mount[]) {
    const prefixes = new Set<string>();
    for (const { prefix } of mounts) {
      const isFolder =
        prefix === "" || (prefix.endsWith("/") && normalizePath(prefix.slice(0, -1)) === prefix.slice(0, -1));
      if (!isFolder) throw refusal(prefix, "a prefix is a folder, written with its final slash");
      if (prefixes.has(prefix)) throw refusal(prefix, "there is another store at this prefix");
      prefixes.add(prefix);
    }
    const root = mounts.find(({ prefix }) => prefix === "");
    if (root === undefined) throw refusal("", "one store must be at the root");
    this.root = root;
    this.others = mounts
      .filter((mount) => mount !== root)
      .map((mount) => ({ ...mount, store: namingFailures(mount.store, mount.prefix) }))
      .toSorted((one, other) => depthOf(other) - depthOf(one));
  }

  get all(): readonly Mount[] {
    return [this.root, ...this.others];
  }

  /** Find the store of a path, or of the prefix of a listing. @throws {TransferError} `invalid` for what is that store's own */
  at(path: string): Located {
    const located = this.find(path);
    if (located.mount !== this.root && isHidden(located.path) && !isHidden(path))
      throw new TransferError("invalid", `Cannot use the path "${path}": it is the store's own`);
    return located;
  }

  /** As `at`, for paths that stores tell. */
  find(path: string): Located {
    const hidden = hiddenMount.exec(path);
    if (hidden) {
      const [, name = "", rest = ""] = hidden;
      const mount = this.others.find(({ prefix }) => encodeURIComponent(prefix) === name);
      if (mount === undefined) throw new TransferError("not-found", `Cannot find "${path}": its store is not mounted`);
      return { mount, path: `${hiddenFolder}/${rest}` };
    }
    const names = path.split("/");
    for (const mount of this.others) {
      const depth = depthOf(mount);
      if (names.length > depth && `${names.slice(0, depth).join("/").normalize("NFC")}/` === mount.prefix)
        return { mount, path: names.slice(depth).join("/") };
    }
    return { mount: this.root, path };
  }

  /** Stores whose folders a listing of this prefix would show, or look into. */
  below(prefix: string): readonly Mount[] {
    const start = prefix.normalize("NFC");
    return this.others
      .filter((mount) => mount.prefix !== start && mount.prefix.startsWith(start))
      .toSorted((one, other) => (one.prefix < other.prefix ? -1 : 1));
  }

  /** Whether a folder is that of a mount, or leads to one. */
  isFolder(path: string): boolean {
    const start = `${path.normalize("NFC")}/`;
    return this.others.some(({ prefix }) => prefix.startsWith(start));
  }
}

/** Name a file as the whole knows it. */
export function outward(mount: Mount, file: StoredFile): StoredFile {
  return mount.prefix === "" ? file : { ...file, path: outwardPath(mount, file.path) };
}

/** The path that the whole has for one of a store. */
export function outwardPath({ prefix }: Pick<Mount, "prefix">, path: string): string {
  if (prefix === "" || !isHidden(path)) return prefix + path;
  return `${hiddenFolder}/mounts/${encodeURIComponent(prefix)}${path.slice(hiddenFolder.length)}`;
}

function depthOf({ prefix }: Mount): number {
  return prefix.split("/").length - 1;
}

function refusal(prefix: string, why: string): TransferError {
  return new TransferError("invalid", `Cannot put a store at "${prefix}": ${why}`);
}

/** An id of the store at "" is that store's own, so that uploads begun before there were mounts are found. */
export function idOf({ prefix }: Mount, id: string): string {
  return prefix === "" && !id.startsWith("@") ? id : `@${encodeURIComponent(prefix)}:${id}`;
}

/** The id that a store itself has for an upload; `undefined` when it is another store's. */
export function innerId(mount: Mount, id: string): string | undefined {
  const start = idOf(mount, "");
  return id.startsWith(start) && (start !== "" || !id.startsWith("@")) ? id.slice(start.length) : undefined;
}

/** @throws {TransferError} `not-found` when the mount that it names is gone */
export function readId(table: MountTable, id: string): { readonly mount: Mount; readonly id: string } {
  if (!id.startsWith("@")) return { mount: table.root, id };
  const colon = id.indexOf(":");
  const mount = table.all.find(({ prefix }) => encodeURIComponent(prefix) === id.slice(1, colon));
  if (mount === undefined) throw new TransferError("not-found", `Cannot resume "${id}": its store is not mounted`);
  return { mount, id: id.slice(colon + 1) };
}
