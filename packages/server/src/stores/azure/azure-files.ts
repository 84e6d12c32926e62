import {
  type Abortable,
  anySpelling,
  type FilePage,
  type Files,
  type Folders,
  isHidden,
  type ListOptions,
  type MoveOptions,
  type PresignReadOptions,
  type SignedRead,
  type StoredFile,
} from "@naru/core";
import { attachment } from "../s3/s3-files.ts";
import type { BlobHead } from "./blob-answers.ts";
import { folderMark, storedFile } from "./blob-metadata.ts";
import { blobUrl, existingNameOf, nameOf } from "./blob-name.ts";
import type { ContainerContext } from "./container-context.ts";
import { copyBlob } from "./copy-blob.ts";
import { heedsIfRange, readBlob } from "./read-blob.ts";

/** The blobs of a container, as the contract sees files. */
export function filesOf(context: ContainerContext): Required<Files> {
  return anySpelling(blobsOf(context));
}

/** The same by their exact names. */
function blobsOf(context: ContainerContext): Required<Files> {
  const { service, prefix } = context;

  async function stat(path: string, options: Abortable = {}): Promise<StoredFile | undefined> {
    const head = await service.headIfThere(existingNameOf(path, prefix), options);
    return head && !isFolder(head) ? storedFile(path, head) : undefined;
  }

  async function list(options: ListOptions = {}): Promise<FilePage> {
    const page = await service.list({ ...options, prefix: prefix + (options.prefix ?? "") });
    // A name that ends with a slash marks a folder, that of the prefix too; what is hidden is the gateway's and the store's.
    const isShown = (path: string): boolean => !isHidden(path) || isHidden(options.prefix ?? "");
    const files = page.blobs
      .filter((blob) => !blob.name.endsWith("/") && !isFolder(blob))
      .map((blob) => storedFile(blob.name.slice(prefix.length), blob))
      .filter(({ path }) => path !== "" && isShown(path) && (options.wanted?.(path) ?? true));
    const marks = options.markers ? page.blobs.map(({ name }) => name).filter((name) => name.endsWith("/")) : [];
    const folders = [...page.folders, ...marks].map((folder) => folder.slice(prefix.length)).filter(isShown);
    return { files, folders, cursor: page.cursor };
  }

  async function copy(from: string, to: string, options: MoveOptions = {}): Promise<StoredFile> {
    const [source, target] = [existingNameOf(from, prefix), nameOf(to, prefix)];
    const head = await service.head(source, options);
    if (source === target) return storedFile(to, head);
    return storedFile(to, await copyBlob(context, { from: source, to: target, ...head }, options));
  }

  async function move(from: string, to: string, options: MoveOptions = {}): Promise<StoredFile> {
    const moved = await copy(from, to, options);
    const [source, target] = [existingNameOf(from, prefix), nameOf(to, prefix)];
    if (source !== target) await service.remove(source, options);
    return moved;
  }

  return {
    stat,
    list,
    copy,
    move,
    presignRead: (path, options = {}) => presignRead(context, path, options),
    folders: foldersOf(context),
    read: (path, options) => readBlob(context, path, options),
    remove: async (path, options) => service.remove(existingNameOf(path, prefix), options),
  };
}

/** With a hierarchical namespace folders are blobs, which Azure's own programs write elsewhere, too. */
function isFolder({ metadata }: Pick<BlobHead, "metadata">): boolean {
  return Object.entries(folderMark).every(([name, value]) => metadata[name] === value);
}

async function presignRead(
  context: ContainerContext,
  path: string,
  { signal, downloadName, type, lifeSeconds, resumable }: PresignReadOptions,
): Promise<readonly SignedRead[]> {
  signal?.throwIfAborted();
  const { access, container, publicEndpoints } = context;
  const name = existingNameOf(path, context.prefix);
  // Whoever reads a URL resolves dots in it.
  if (path.split("/").includes(".")) return [];
  if (resumable && !(await heedsIfRange(context, name, { signal }))) return [];
  const disposition = downloadName === undefined ? undefined : attachment(downloadName);
  return Promise.all(
    publicEndpoints.map(async (endpoint) => {
      const httpsOnly = endpoint.startsWith("https:");
      const wish = { container, name, permissions: "r", httpsOnly, disposition, type, lifeSeconds } as const;
      const { query, expires } = await access.grant(wish);
      return { url: `${blobUrl(endpoint, container, name)}?${query}`, expires };
    }),
  );
}

function foldersOf({ service, prefix }: ContainerContext): Folders {
  // One that is there may have been named by another program.
  const markerOf = (path: string): string => `${existingNameOf(path, prefix)}/`;
  return {
    has: async (path, options) => {
      const { blobs } = await service.list({ ...options, prefix: markerOf(path), limit: 1 });
      return blobs.length > 0;
    },
    make: async (path, options) => service.putEmpty(`${nameOf(path, prefix)}/`, { metadata: folderMark }, options),
    remove: async (path, options) => service.remove(markerOf(path), options),
  };
}
