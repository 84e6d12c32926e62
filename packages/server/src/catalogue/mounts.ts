/**
 * Several stores as one: each holds what lies under its prefix, the one at "" everything else. What a mount covers in the
 * store around it is not seen. An upload's id names its mount; those of the store at "" are as that store gives them.
 */

import {
  type CopyResume,
  type Files,
  type Folders,
  isHidden,
  type Limits,
  maxPathBytes,
  type Store,
  type StoredFile,
  TransferError,
  type Upload,
  wrapStore,
} from "@naru/core";
import type { ServedStore } from "../served-store.ts";
import { copyAcross } from "./copy-across.ts";
import { factsOf } from "./mount-facts.ts";
import { listMounts } from "./mount-listing.ts";
import { idOf, innerId, type Mount, MountTable, outward, readId } from "./mount-table.ts";
import { mountVersions } from "./mount-versions.ts";
import { moveAcross } from "./move-across.ts";

/**
 * Put stores together; one alone stays as it is.
 *
 * @throws {TransferError} `invalid` when none is at "", two are at one prefix, or a prefix is no folder with its final `/`
 */
export function mountStores(mounts: readonly Mount[]): ServedStore {
  const table = new MountTable(mounts);
  if (table.others.length === 0) return table.root.store;
  const isKept = table.all.some(({ store }) => store.versions !== undefined);
  return {
    ...storeOf(table),
    ...filesOf(table),
    ...factsOf(table),
    mounts: table.others.map(({ prefix }) => prefix),
    crosses: (from, to) => table.find(from).mount !== table.find(to).mount,
    isFixed: (folder) => table.isFolder(folder),
    reach: async (prefix, options) => {
      const mount = table.all.find((one) => one.prefix === prefix);
      await mount?.store.list({ ...options, limit: 1 });
    },
    ...(isKept && { versions: mountVersions(table) }),
  };
}

function storeOf(table: MountTable): Store {
  const stores = table.all.map(({ store }) => store);
  const opened = new Map(table.all.map((mount) => [mount.prefix, named(table, mount)]));
  const openedAt = ({ prefix, store }: Mount): Store => opened.get(prefix) ?? store;
  const create: Store["create"] = async (spec, options) => {
    const { mount, path } = toWrite(table, spec.path);
    return openedAt(mount).create({ ...spec, path }, options);
  };
  const putFile: Store["putFile"] = async (spec, body, options) => {
    const { mount, path } = toWrite(table, spec.path);
    const put = mount.store.putFile?.bind(mount.store);
    if (put === undefined)
      throw new TransferError("unsupported", `Cannot write "${spec.path}" at once: its store takes parts`);
    return outward(mount, await put({ ...spec, path }, body, options));
  };
  const space: Store["space"] = async ({ path = "", ...options } = {}) => {
    // Of the folder of a mount itself, what the mount has.
    const { mount, path: inner } = table.find(`${path}/`);
    return mount.store.space?.({ ...options, path: inner.slice(0, -1) });
  };
  return {
    // Whether some of them are: each upload shows whether it signs.
    direct: stores.some(({ direct }) => direct),
    limitsFor(path) {
      if (path === "") return strictest(stores.map((store) => store.limitsFor("")));
      const { mount, path: inner } = table.at(path);
      return mount.store.limitsFor(inner);
    },
    create,
    async resume(id, options) {
      const { mount, id: inner } = readId(table, id);
      return openedAt(mount).resume(inner, options);
    },
    // What only some can do, none is asked for.
    ...(stores.every((store) => store.putFile !== undefined) && { putFile }),
    ...(stores.some((store) => store.space !== undefined) && { space }),
  };
}

/** One of the stores, whose uploads are named as the whole knows them. */
function named(table: MountTable, mount: Mount): Store {
  const upload = (inner: Upload): Partial<Upload> => {
    const copyPart = inner.copyPart?.bind(inner);
    return {
      id: idOf(mount, inner.id),
      spec: { ...inner.spec, path: mount.prefix + inner.spec.path },
      complete: async (options) => outward(mount, await inner.complete(options)),
      ...(copyPart && {
        copyPart: async (part, from, options) => {
          const { mount: other, path } = table.at(from.path);
          if (other !== mount)
            throw new TransferError("unsupported", `Cannot copy from "${from.path}": another store holds it`);
          return copyPart(part, { ...from, path }, options);
        },
      }),
    };
  };
  return wrapStore(mount.store, { upload });
}

function filesOf(table: MountTable): Files {
  const files = table.all.map(({ store }) => store);
  const stat: Files["stat"] = async (path, options) => {
    const { mount, path: inner } = table.at(path);
    const file = await mount.store.stat(inner, options);
    return file && outward(mount, file);
  };
  const presignRead: Files["presignRead"] = async (path, options) => {
    const { mount, path: inner } = table.at(path);
    return (await mount.store.presignRead?.(inner, options)) ?? [];
  };
  return {
    stat,
    list: (options) => listMounts(table, options),
    read(path, options) {
      const { mount, path: inner } = table.at(path);
      return mount.store.read(inner, options);
    },
    async copy(from, to, options = {}) {
      const [source, target] = [table.at(from), toWrite(table, to)];
      const { copy } = target.mount.store;
      if (source.mount !== target.mount || copy === undefined) return copyAcross(source, target, options);
      const within = {
        ...options,
        file: inward(options.file, source.path),
        resume: resumeIn(target.mount, options.resume),
      };
      return outward(target.mount, await copy.call(target.mount.store, source.path, target.path, within));
    },
    async move(from, to, options = {}) {
      const [source, target] = [table.at(from), toWrite(table, to)];
      if (source.mount !== target.mount) return moveAcross(source, target, options);
      const within = {
        ...options,
        file: inward(options.file, source.path),
        resume: resumeIn(target.mount, options.resume),
      };
      return outward(target.mount, await target.mount.store.move(source.path, target.path, within));
    },
    remove(path, options) {
      const { mount, path: inner } = table.at(path);
      return mount.store.remove(inner, options);
    },
    ...(files.some((store) => store.presignRead !== undefined) && { presignRead }),
    ...(files.every((store) => store.folders !== undefined) && { folders: foldersOf(table) }),
  };
}

function inward(file: StoredFile | undefined, path: string): StoredFile | undefined {
  return file && { ...file, path };
}

/** What is remembered has the ids of the whole. */
function resumeIn(mount: Mount, resume: CopyResume | undefined): CopyResume | undefined {
  if (resume === undefined) return undefined;
  const { begun } = resume;
  const upload = begun && innerId(mount, begun.upload);
  return {
    ...resume,
    begun: begun && upload !== undefined ? { ...begun, upload } : undefined,
    onBegun: (copy) => resume.onBegun({ ...copy, upload: idOf(mount, copy.upload) }),
  };
}

/** The folder of a mount is always there. */
function foldersOf(table: MountTable): Folders {
  const at = (path: string): { readonly folders: Folders | undefined; readonly path: string } => {
    const { mount, path: inner } = table.at(path);
    return { folders: mount.store.folders, path: inner };
  };
  return {
    async has(path, options) {
      if (table.isFolder(path)) return true;
      const { folders, path: inner } = at(path);
      return (await folders?.has(inner, options)) ?? false;
    },
    async make(path, options) {
      if (table.isFolder(path)) return;
      const { folders, path: inner } = at(path);
      await folders?.make(inner, options);
    },
    async remove(path, options) {
      if (table.isFolder(path)) return;
      const { folders, path: inner } = at(path);
      await folders?.remove(inner, options);
    },
  };
}

/**
 * @throws {TransferError} `conflict` for a name that is the folder of a mount, or leads to one; `invalid` for one that is
 *   too long with the mount's prefix, though not for its store
 */
function toWrite(table: MountTable, path: string): ReturnType<MountTable["at"]> {
  if (!isHidden(path) && Buffer.byteLength(path) > maxPathBytes)
    throw new TransferError(
      "invalid",
      `Cannot use the path "${path.slice(0, 100)}…": it is longer than ${maxPathBytes} bytes`,
    );
  if (table.isFolder(path))
    throw new TransferError("conflict", `Cannot write "${path}": there is a folder with this name`);
  return table.at(path);
}

/** What holds for all of them. */
function strictest(limits: readonly Limits[]): Limits {
  const minPartSize = Math.max(...limits.map((one) => one.minPartSize));
  return {
    minPartSize,
    maxPartSize: Math.max(minPartSize, Math.min(...limits.map((one) => one.maxPartSize))),
    maxParts: Math.min(...limits.map((one) => one.maxParts)),
    maxSize: Math.min(...limits.map((one) => one.maxSize)),
    equalParts: limits.some((one) => one.equalParts),
    maxInFlight: Math.min(...limits.map((one) => one.maxInFlight)),
  };
}
