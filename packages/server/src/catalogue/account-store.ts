import {
  type Abortable,
  type Body,
  type CompleteOptions,
  type ConflictPolicy,
  type FilePage,
  type Files,
  type Folders,
  GiB,
  isHidden,
  type ListOptions,
  MiB,
  type MoveOptions,
  type PutOptions,
  type Store,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import type { FileVersions, MountedStore, VersionedStore } from "../served-store.ts";
import { type AccountBin, accountBin } from "./account-bin.ts";
import type { Bin } from "./bin.ts";
import type { FileChanges } from "./file-changes.ts";
import type { Caller } from "./file-events.ts";
import { type Facts, type FileFacts, factsIn } from "./file-facts.ts";
import type { FolderChanges } from "./folder-changes.ts";
import type { PathClaims } from "./path-claims.ts";
import type { Arriving } from "./publish.ts";

/** Folders as one account changes them. */
export interface AccountFolders extends Folders {
  /** Make a folder; whether it was not there before. @throws {TransferError} `conflict` where a file is at or above it */
  create(path: string, options?: Abortable): Promise<boolean>;
  /** @throws {TransferError} `not-found`; `conflict` when it is not empty, or a file is being uploaded into it */
  removeAll(path: string, options: { readonly recursive: boolean }): Promise<void>;
  /** Copy a folder with all that is in it; the path of the copy. @throws {TransferError} `not-found`; `conflict` */
  copy(from: string, to: string, options: Abortable & { readonly conflict: ConflictPolicy }): Promise<string>;
  /** Rename a folder with all that is in it; the path that it has then. @throws {TransferError} `not-found`; `conflict` */
  move(from: string, to: string, options: Abortable & { readonly conflict: ConflictPolicy }): Promise<string>;
}

export interface AccountMoveOptions extends MoveOptions {
  /** What is done with a file at the new path; `overwrite` by default. */
  readonly conflict?: ConflictPolicy | undefined;
}

export interface RemoveOptions extends Abortable {
  /** Asked while nobody else changes what is there; throws to refuse. */
  readonly check?: (() => Promise<void>) | undefined;
}

/**
 * What one caller sees: the store, with the facts that it does not keep itself, and every change of a file made in the
 * same way and reported. All doors are built on it.
 */
export interface AccountStore extends Store, Files {
  readonly by: Caller;
  readonly folders?: AccountFolders;
  readonly bin: AccountBin;
  /** Folders that are stores of their own, each with its final `/`. */
  readonly mounts?: readonly string[];
  /** What files were, where the store keeps that. */
  readonly versions?: FileVersions;
  /** @throws {TransferError} `not-found`; `conflict` under `fail` if there is a file */
  copy(from: string, to: string, options?: AccountMoveOptions): Promise<StoredFile>;
  /** @throws {TransferError} `not-found`; `conflict` under `fail` if there is a file */
  move(from: string, to: string, options?: AccountMoveOptions): Promise<StoredFile>;
  remove(path: string, options?: RemoveOptions): Promise<void>;
  /** As `remove`; `false` if there was none. */
  removeIfThere(path: string, options?: RemoveOptions): Promise<boolean>;
  /** Say when a file was modified; `false` if there is none. */
  setModified(path: string, modified: Date, options?: Abortable): Promise<boolean>;
  /** The digests that are known of a file. */
  digests(file: StoredFile): Promise<Facts>;
  /** Remember digests that were taken of a file. */
  noteDigests(file: StoredFile, digests: Facts): Promise<void>;
}

/** The catalogue, as far as the stores of its callers have to do with it. */
interface SharedCatalogue {
  readonly store: Store & Files & Partial<VersionedStore> & Partial<MountedStore>;
  readonly files: ReturnType<typeof filesWithFacts>;
  readonly facts: FileFacts;
  readonly claims: PathClaims;
  readonly changes: FileChanges;
  readonly folders: FolderChanges;
  readonly bin: Bin;
  publish(arriving: Arriving, options: Abortable): Promise<StoredFile>;
  refuseOverlap(...paths: readonly string[]): void;
}

/** A copy of so many bytes may take longer than its client waits: it is noted, and completes without it. */
const largeCopy = GiB;
/** The same where they pass from one store to another. */
const largeAcross = 64 * MiB;

/** Make the store of one caller. */
export function accountStore(catalogue: SharedCatalogue, by: Caller): AccountStore {
  const { changes, facts, files, store } = catalogue;
  const { presignRead, putFile, space } = store;

  const removeIfThere = (path: string, options: RemoveOptions = {}): Promise<boolean> =>
    changes.remove(path, { ...options, by });

  return {
    ...files,
    // What is hidden is no caller's.
    list: async (options) => (isHidden(options?.prefix ?? "") ? { files: [], folders: [] } : files.list(options)),
    by,
    bin: accountBin(catalogue.bin, by),
    ...(store.mounts && { mounts: store.mounts }),
    ...(store.versions && { versions: accountVersions(catalogue, store.versions, by) }),
    copy: (from, to, options = {}) => copyFile({ catalogue, by }, { from, to }, options),
    direct: store.direct,
    limitsFor: (path) => store.limitsFor(path),
    ...(store.folders && { folders: accountFolders(catalogue, store.folders, by) }),
    ...(presignRead && { presignRead: presignRead.bind(store) }),
    ...(space && { space: space.bind(store) }),
    ...(putFile && {
      putFile: (spec: UploadSpec, body: Body, options: PutOptions = {}) =>
        catalogue.publish(
          {
            by,
            path: spec.path,
            conflict: "overwrite",
            size: body.size,
            facts: { ...options.digest, modified: spec.modified?.getTime() ?? null },
            complete: async (path) => ({ file: await putFile.call(store, { ...spec, path }, body, options) }),
          },
          options,
        ),
    }),
    create: async (spec, options) => publishing(catalogue, by, await store.create(spec, options)),
    resume: async (id, options) => publishing(catalogue, by, await store.resume(id, options)),
    move: (from, to, options = {}) => moveFile({ catalogue, by }, { from, to }, options),
    removeIfThere,
    remove: async (path, options) => void (await removeIfThere(path, options)),
    setModified: async (path, modified, options = {}) => {
      const file = await store.stat(path, options);
      if (file) await facts.add(file, { modified: modified.getTime() });
      return file !== undefined;
    },
    digests: async (file) => factsIn(await facts.look(file)),
    noteDigests: (file, digests) => facts.add(file, digests),
  };
}

interface CallerContext {
  readonly catalogue: SharedCatalogue;
  readonly by: Caller;
}

interface FromTo {
  readonly from: string;
  readonly to: string;
}

async function moveFile(
  { catalogue, by }: CallerContext,
  { from, to }: FromTo,
  { conflict = "overwrite", signal }: AccountMoveOptions,
): Promise<StoredFile> {
  if (from === to) {
    const file = await catalogue.files.stat(from, { signal });
    if (file) return file;
    throw new TransferError("not-found", `Cannot move "${from}": there is no such file`);
  }
  catalogue.refuseOverlap(from, to);
  const source = await catalogue.store.stat(from, { signal });
  using claim = await catalogue.claims.claim(to, conflict, { signal });
  const replace = conflict === "overwrite";
  if (source && isLong(catalogue, source, claim.path)) {
    await catalogue.folders.moveFile(source.path, claim.path, { by, replace, signal });
    return arrivedAt(catalogue, claim.path);
  }
  return await catalogue.changes.move(from, claim.path, { by, replace: conflict === "overwrite", signal });
}

/** Whether to copy a file takes so long that it has to be done without its client. */
function isLong({ store }: SharedCatalogue, { path, size }: StoredFile, to: string): boolean {
  return size >= (store.crosses?.(path, to) ? largeAcross : largeCopy);
}

async function arrivedAt({ files }: SharedCatalogue, path: string): Promise<StoredFile> {
  const file = await files.stat(path);
  if (file) return file;
  throw new TransferError("not-found", `Cannot find "${path}": it was removed just after it arrived`);
}

async function copyFile(
  { catalogue, by }: CallerContext,
  { from, to }: FromTo,
  { conflict = "overwrite", signal }: AccountMoveOptions,
): Promise<StoredFile> {
  if (from === to && conflict === "overwrite") {
    throw new TransferError("invalid", `Cannot copy "${from}": it would replace itself`);
  }
  catalogue.refuseOverlap(to);
  const source = await catalogue.store.stat(from, { signal });
  using claim = await catalogue.claims.claim(to, conflict, { signal });
  const replace = conflict === "overwrite";
  if (source && isLong(catalogue, source, claim.path)) {
    await catalogue.folders.copyFile(source.path, claim.path, { by, replace, signal });
    return arrivedAt(catalogue, claim.path);
  }
  return await catalogue.changes.copy(from, claim.path, { by, replace: conflict === "overwrite", signal });
}

function accountFolders({ folders }: SharedCatalogue, kept: Folders, by: Caller): AccountFolders {
  return {
    has: (path, options) => kept.has(path, options),
    make: async (path, options) => void (await folders.make(path, { ...options, by })),
    remove: (path) => kept.remove(path),
    create: (path, options) => folders.make(path, { ...options, by }),
    removeAll: (path, { recursive }) => folders.remove(path, { by, recursive }),
    copy: (from, to, { conflict, signal }) => folders.copy(from, to, { by, conflict, signal }),
    move: (from, to, { conflict, signal }) => folders.move(from, to, { by, conflict, signal }),
  };
}

/** A version that is restored is a file that has arrived. */
function accountVersions({ changes }: SharedCatalogue, versions: FileVersions, by: Caller): FileVersions {
  return {
    ...versions,
    restore: async (path, version, options = {}) => {
      const file = await versions.stat(path, version, options);
      if (!file) throw new TransferError("not-found", `Cannot restore "${path}": it has no version "${version}"`);
      // Once begun it is done: its client may leave.
      return changes.restoreVersion(path, file, { by, restore: () => versions.restore(path, version) });
    },
  };
}

/** An upload that is in no ledger: its file appears as all do. */
function publishing(catalogue: SharedCatalogue, by: Caller, upload: Upload): Upload {
  const { path, size, modified } = upload.spec;
  const complete = (options: CompleteOptions = {}): Promise<StoredFile> => {
    const facts = { modified: modified?.getTime() ?? null };
    const completing = async (): Promise<{ readonly file: StoredFile }> => ({ file: await upload.complete(options) });
    const which = { storeId: upload.id, at: path };
    return catalogue.publish(
      { by, path, conflict: "overwrite", size, facts, upload: which, complete: completing },
      options,
    );
  };
  return new Proxy(upload, {
    get: (target, name) => {
      if (name === "complete") return complete;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** What has arrived, with the facts that its store does not keep: for whoever asks, in whatever way, the same. */
export function filesWithFacts(store: Files, facts: FileFacts): Omit<Files, "folders" | "move" | "remove"> {
  return {
    stat: async (path, options) => {
      const file = await store.stat(path, options);
      return file && facts.merge(file);
    },
    list: async (options?: ListOptions): Promise<FilePage> => {
      const page = await store.list(options);
      return { ...page, files: await facts.mergeAll(page.files) };
    },
    read: (path, options) => store.read(path, options),
    ...(store.presignRead && { presignRead: store.presignRead.bind(store) }),
  };
}
