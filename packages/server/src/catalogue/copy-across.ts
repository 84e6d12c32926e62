/** A copy from one store to another, or within one that cannot copy: the bytes pass through this server. */

import { setTimeout as sleep } from "node:timers/promises";
import {
  type Abortable,
  type BegunCopy,
  type Body,
  type Clock,
  Crc64,
  type Files,
  isTransferError,
  MiB,
  type MoveOptions,
  type Source,
  type Store,
  type StoredFile,
  Transfer,
  TransferError,
  type Upload,
  wrapStore,
} from "@naru/core";
import type { FileCopier } from "../served-store.ts";
import { idOf, innerId, type Located, outward, outwardPath } from "./mount-table.ts";

/** Few at once: each part passes through two connections of this server. */
const partsAtOnce = 4;

/** What a service copies in one call: a kill costs no more. */
const copiedPartSize = 64 * MiB;

const clock: Clock = {
  now: () => performance.now(),
  sleep: (ms, { signal } = {}) => sleep(ms, undefined, signal ? { signal } : {}),
};

/**
 * Copy a file. Where both stores are of one service, it copies by itself; else the bytes pass through this server.
 *
 * @throws {TransferError} `not-found`; `conflict` when the file changes meanwhile: then no copy appears;
 *   `checksum-mismatch` when the copy has other bytes: then it is removed
 */
export async function copyAcross(from: Located, to: Located, options: MoveOptions): Promise<StoredFile> {
  return (await copiedAcross(from, to, options)).copy;
}

/** What was copied, as its store has it, and the copy. */
export interface CopiedAcross {
  readonly file: StoredFile;
  readonly copy: StoredFile;
}

/** As `copyAcross`, for who has to know which state of the file it was. */
export async function copiedAcross(
  from: Located,
  to: Located,
  { file: known, resume, signal }: MoveOptions,
): Promise<CopiedAcross> {
  const doing = `copy "${outside(from)}"`;
  const file = await from.mount.store.stat(from.path, { signal });
  if (file === undefined) throw new TransferError("not-found", `Cannot ${doing}: there is no such file`);
  const { etag, size, type, modified } = file;
  const copier = await copierOf(from, to);
  const whole = copier && (await copyWhole(copier, file, to, { signal }));
  if (whole) return { file, copy: outward(to.mount, whole) };
  const begun = await usableOf(to, { begun: resume?.begun, etag }, { signal });
  const spec = { path: to.path, size, type, modified, partSize: copier && copiedPartSize };
  const target = copier ? copiedByService(to.mount.store, copier, file) : to.mount.store;
  const transfer = new Transfer(sourceOf(from.mount.store, file), target, spec, {
    clock,
    random: Math.random,
    maxConcurrency: partsAtOnce,
    resume: begun?.upload,
    onUpload: async ({ id }) => resume?.onBegun({ upload: idOf(to.mount, id), etag }),
    onProgress: ({ confirmed, error }) => resume?.onProgress(confirmed, error),
  });
  const copy = await transfer.run({ signal }).catch(async (error: unknown) => {
    const isFinal = isTransferError(error) && ["file-changed", "conflict", "checksum-mismatch"].includes(error.code);
    // The parts that are there expire at the store if they cannot be removed now.
    if (!resume || isFinal) await transfer.cancel().catch(() => undefined);
    throw error;
  });
  const crc64 = file.crc64 ?? (known?.etag === etag ? known.crc64 : undefined);
  // Of what an earlier run sent nobody here has seen the bytes.
  const wasResumed = begun !== undefined && copier === undefined;
  const isWhole = await isCopyOf({ ...file, crc64 }, copy, { from, to, reads: wasResumed, signal });
  if (!isWhole) {
    await to.mount.store.remove(to.path, { signal });
    throw new TransferError("checksum-mismatch", `Cannot ${doing}: the copy is not the same`);
  }
  return { file, copy: outward(to.mount, copy) };
}

async function copierOf(from: Located, to: Located): Promise<FileCopier | undefined> {
  const copier = await to.mount.store.copierFrom?.(from.mount.store);
  return copier?.reads(from.path) ? copier : undefined;
}

/** Copy in one call what is small enough; `undefined` where that cannot be. */
async function copyWhole(
  copier: FileCopier,
  file: StoredFile,
  { mount, path }: Located,
  { signal }: Abortable,
): Promise<StoredFile | undefined> {
  if (file.size > copier.wholeUpTo) return undefined;
  const replaces = await mount.store.stat(path, { signal });
  try {
    await copier.copy(file, path, { replaces, signal });
  } catch (error) {
    if (isTransferError(error) && error.code === "unsupported") return undefined;
    throw error;
  }
  const copy = await mount.store.stat(path, { signal });
  if (copy?.size === file.size) return copy;
  throw new TransferError("checksum-mismatch", `Cannot copy "${file.path}": the copy is not the same`);
}

/** An upload whose parts the service fills by itself. */
function copiedByService(store: Store, copier: FileCopier, file: StoredFile): Store {
  const upload = ({ id }: Upload): Partial<Upload> => ({
    put: (part, _body, options) => copier.copyPart(id, part, file, options),
  });
  return wrapStore(store, { upload });
}

/** What an earlier run began, when it is of the same file and of this store; the parts of another one are removed. */
async function usableOf(
  { mount }: Located,
  { begun, etag }: { readonly begun: BegunCopy | undefined; readonly etag: string },
  options: Abortable,
): Promise<BegunCopy | undefined> {
  const upload = begun && innerId(mount, begun.upload);
  if (upload === undefined) return undefined;
  if (begun?.etag === etag) return { upload, etag };
  try {
    await (await mount.store.resume(upload, options)).abort(options);
  } catch (error) {
    if (!isTransferError(error) || error.code !== "not-found") throw error;
  }
  return undefined;
}

interface Compared extends Abortable {
  readonly from: Located;
  readonly to: Located;
  /** Whether the bytes must be looked at when no checksum tells. */
  readonly reads: boolean;
}

/** Compare by CRC-64; where one is not known and that matters, it is computed by reading. */
async function isCopyOf(file: StoredFile, copy: StoredFile, { from, reads, signal, to }: Compared): Promise<boolean> {
  if (copy.size !== file.size) return false;
  if (file.crc64 !== undefined && copy.crc64 !== undefined) return file.crc64 === copy.crc64;
  if (!reads) return true;
  const one = file.crc64 ?? (await crc64In(from, file, { signal }));
  return one === (copy.crc64 ?? (await crc64In(to, copy, { signal })));
}

async function crc64In({ mount, path }: Located, { etag }: StoredFile, { signal }: Abortable): Promise<string> {
  const crc64 = new Crc64();
  for await (const chunk of await mount.store.read(path, { etag, signal })) crc64.update(chunk);
  return crc64.hex();
}

function sourceOf(files: Files, { path, etag, size }: StoredFile): Source {
  const slice = (start: number, end: number): Body => ({
    size: end - start,
    stream: () => {
      let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
      return new ReadableStream<Uint8Array<ArrayBuffer>>(
        {
          async pull(controller) {
            reader ??= (await files.read(path, { range: { start, end }, etag })).getReader();
            const { done, value } = await reader.read();
            if (done) controller.close();
            else controller.enqueue(value);
          },
          cancel: (reason) => reader?.cancel(reason),
        },
        { highWaterMark: 0 },
      );
    },
  });
  return { size, slice };
}

function outside({ mount, path }: Located): string {
  return outwardPath(mount, path);
}
