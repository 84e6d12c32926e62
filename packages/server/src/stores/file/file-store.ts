import { randomUUID } from "node:crypto";
import { lstat, mkdir, open, realpath, rm, statfs, utimes } from "node:fs/promises";
import { join } from "node:path";
import {
  type Abortable,
  type Body,
  type Files,
  GiB,
  type Limits,
  type PutOptions,
  type Store,
  type StoredFile,
  type StoreSpace,
  TransferError,
  type Upload,
  type UploadOwner,
  type UploadSpec,
} from "@naru/core";
import type { ExaminedStore, FolderSubject } from "../../examined-store.ts";
import type { NamingStore } from "../../served-store.ts";
import { checkSize } from "../part-coverage.ts";
import { type Arrivals, arrive, refuseFolder } from "./file-arrival.ts";
import { ifThere, onDisk } from "./file-error.ts";
import { FactStore } from "./file-facts.ts";
import { FileUpload, logOf, type UploadContext } from "./file-upload.ts";
import { filesIn } from "./folder-files.ts";
import { PartWriter } from "./part-writer.ts";
import { newNames, RootFolder } from "./root-folder.ts";
import { unfinishedIn } from "./unfinished-folders.ts";

/** How a folder keeps files. */
export interface FileStoreOptions {
  /** Give a receipt only when the disk has the bytes, so that a power cut costs no receipt. Default true. */
  readonly durable?: boolean | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** The folder is only read: nothing is made in it, and it has to be there. */
  readonly readOnly?: boolean | undefined;
}

/** What only a folder has. */
export interface Folder extends ExaminedStore, NamingStore, Pick<Required<Store>, "ownUploads" | "unfinished"> {}

const defaultLimits: Limits = {
  minPartSize: 1,
  maxPartSize: 5 * GiB,
  maxParts: 10_000,
  maxSize: Number.MAX_SAFE_INTEGER,
  equalParts: false,
  maxInFlight: 32,
};

/**
 * Keep files in the folder `root`, which is made if need be. What is on its way, and what is known of files, lives
 * in `.naru` inside it; no path reaches that.
 */
export async function fileStore(root: string, options: FileStoreOptions = {}): Promise<Store & Files & Folder> {
  const { durable = true, readOnly = false } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const folder = await onDisk(`open the folder "${root}"`, async () => {
    if (!readOnly) await mkdir(root, { recursive: true });
    return new RootFolder(await realpath(root));
  });
  if (!readOnly)
    await onDisk(`write in the folder "${root}"`, () => mkdir(folder.hidden("uploads"), { recursive: true }));
  const arrivals: Arrivals = { root: folder, facts: new FactStore(folder), durable };
  const owner: { current?: UploadOwner } = {};
  const space = (): Promise<StoreSpace> => onDisk(`look at the room of "${root}"`, () => spaceOf(folder.path));
  return {
    direct: false,
    limitsFor: () => limits,
    ...uploadsIn({ ...arrivals, owner }, limits),
    ...filesIn(arrivals, { isMarked: !readOnly }),
    ownUploads: (one) => {
      owner.current = one;
    },
    unfinished: (how) => unfinishedIn(folder, how),
    space,
    checkPath: (path) => void newNames(path),
    subject: subjectOf(folder),
  };
}

function subjectOf(root: RootFolder): FolderSubject {
  return {
    kind: "folder",
    title: root.path,
    folder: root.path,
    hidden: root.hidden(),
    now: Date.now,
    open: (folder) => fileStore(folder),
  };
}

function uploadsIn(
  arrivals: Arrivals & { readonly owner: { readonly current?: UploadOwner } },
  limits: Limits,
): Pick<Required<Store>, "create" | "resume" | "putFile"> {
  const { root } = arrivals;
  // Whoever resumes in this process gets the same object, since it knows who is writing which part.
  const live = new Map<string, WeakRef<FileUpload>>();
  const contextOf = (id: string): UploadContext => ({
    ...arrivals,
    id,
    folder: root.hidden("uploads", id),
    maxParts: limits.maxParts,
  });
  const keep = (upload: FileUpload): FileUpload => {
    for (const [id, reference] of live) if (reference.deref() === undefined) live.delete(id);
    live.set(upload.id, new WeakRef(upload));
    return upload;
  };

  async function create(spec: UploadSpec, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    newNames(spec.path);
    return onDisk(`make room for "${spec.path}"`, async () => {
      await refuseFolder(await root.locate(spec.path), spec.path);
      await checkRoom(root.path, spec, limits);
      const place = contextOf(randomUUID());
      await logOf(place).begin(spec, arrivals.owner.current);
      await using file = await open(root.hidden("uploads", place.id, "data"), "wx");
      if (spec.size !== undefined) await file.truncate(spec.size);
      return keep(new FileUpload(place, { spec, receipts: new Map() }));
    });
  }

  async function resume(id: string, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    const known = /^[0-9a-f-]{36}$/.test(id);
    const record = known ? await onDisk(`resume the upload "${id}"`, () => logOf(contextOf(id)).read()) : undefined;
    if (record === undefined) throw noUpload(id);
    if (!(await onDisk(`resume the upload "${id}"`, () => hasData(contextOf(id))))) throw noUpload(id);
    // Who finds it later sees that somebody works on it, also when no byte came.
    const now = new Date();
    await utimes(contextOf(id).folder, now, now).catch(() => undefined);
    return live.get(id)?.deref() ?? keep(new FileUpload(contextOf(id), record));
  }

  async function putFile(spec: UploadSpec, body: Body, options: PutOptions = {}): Promise<StoredFile> {
    options.signal?.throwIfAborted();
    newNames(spec.path);
    const size = spec.size ?? body.size;
    const aside = root.hidden("uploads", `${randomUUID()}.whole`);
    return onDisk(`write "${spec.path}"`, async () => {
      try {
        await checkRoom(root.path, { ...spec, size }, limits);
        const digest = await writeWhole(aside, { path: spec.path, size, durable: arrivals.durable }, body, options);
        return await arrive(arrivals, aside, spec, { etag: digest.crc64, type: spec.type, crc64: digest.crc64 });
      } finally {
        await rm(aside, { force: true });
      }
    });
  }

  return { create, resume, putFile };
}

/** What became a file has none, though its process may have ended before it removed the rest. */
async function hasData({ folder }: UploadContext): Promise<boolean> {
  return (await ifThere(lstat(join(folder, "data")))) !== undefined;
}

function noUpload(id: string): TransferError {
  return new TransferError("not-found", `Cannot resume the upload "${id}": no such upload`);
}

async function writeWhole(
  place: string,
  { path, size, durable }: { path: string; size: number; durable: boolean },
  body: Body,
  options: PutOptions,
) {
  await using file = await open(place, "wx");
  const digest = await new PartWriter(file, 0, `"${path}"`).write({ number: 1, offset: 0, size }, body, options);
  if (durable) await file.sync();
  return digest;
}

async function checkRoom(root: string, spec: UploadSpec, limits: Limits): Promise<void> {
  checkSize(spec, limits);
  const { path, size = 0 } = spec;
  const { free } = await spaceOf(root);
  if (size > free) {
    throw new TransferError("no-space", `Cannot create "${path}": the disk has ${free} bytes left`);
  }
}

async function spaceOf(root: string): Promise<StoreSpace> {
  const { bavail, blocks, bsize } = await statfs(root);
  return { total: blocks * bsize, free: bavail * bsize };
}
