/**
 * A store in memory: the reference that every suite and test runs against.
 *
 * @module
 */

import { crc64 } from "../src/crc64.ts";
import { TransferError } from "../src/errors.ts";
import { pageOf } from "../src/listing.ts";
import { isHidden, normalizePath } from "../src/path.ts";
import { choosePartSize, planParts } from "../src/plan.ts";
import type {
  Abortable,
  Body,
  FilePage,
  Files,
  Folders,
  Limits,
  ListOptions,
  PutOptions,
  ReadOptions,
  Store,
  StoredFile,
  UnfinishedOptions,
  UnfinishedUpload,
  Upload,
  UploadSpec,
} from "../src/store.ts";
import { GiB } from "../src/units.ts";
import { listSpelled } from "../src/wrap/any-spelling.ts";
import { MemoryUpload } from "./memory-upload.ts";
import { readBody } from "./read-body.ts";

/** A finished file and its bytes. */
export interface MemoryFile {
  readonly file: StoredFile;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a store in memory can bear and check. */
export interface MemoryStoreOptions {
  readonly limits?: Partial<Limits> | undefined;
  /** Computes the MD5 of bytes, in hex; without it only CRC-64s are checked. */
  readonly md5?: ((bytes: Uint8Array<ArrayBuffer>) => string | Promise<string>) | undefined;
  /** Dates new files. */
  readonly today?: (() => Date) | undefined;
}

const defaultLimits: Limits = {
  minPartSize: 1,
  maxPartSize: GiB,
  maxParts: 10_000,
  maxSize: 64 * GiB,
  equalParts: false,
  maxInFlight: 64,
};

/** Make a store in memory, over `files` if given. It checks digests. */
export function memoryStore(
  files: Map<string, MemoryFile> = new Map(),
  options: MemoryStoreOptions = {},
): Store & Files {
  return new MemoryStore(files, options);
}

class MemoryStore implements Store, Files {
  readonly direct = false;
  readonly #limits: Limits;
  readonly #files: Map<string, MemoryFile>;
  readonly #folders = new Set<string>();
  readonly #uploads = new Map<string, MemoryUpload>();
  readonly #options: MemoryStoreOptions;
  #made = 0;

  constructor(files: Map<string, MemoryFile>, options: MemoryStoreOptions) {
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#files = files;
    this.#options = options;
  }

  limitsFor(): Limits {
    return this.#limits;
  }

  async create(spec: UploadSpec, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    const path = normalizePath(spec.path, { hidden: true });
    const partSize = choosePartSize(spec.size, this.#limits, spec.partSize);
    if (spec.size !== undefined) planParts(spec.size, partSize, this.#limits);
    this.#made += 1;
    const id = `memory-${this.#made}`;
    const upload = new MemoryUpload(
      id,
      { ...spec, path, partSize },
      {
        isOpen: () => this.#uploads.has(id),
        check: (bytes, digest) => this.#check(bytes, digest),
        finish: (bytes) => {
          this.#uploads.delete(id);
          return this.#save(upload.spec, bytes);
        },
        forget: () => void this.#uploads.delete(id),
      },
    );
    this.#uploads.set(id, upload);
    return upload;
  }

  async resume(id: string, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    const upload = this.#uploads.get(id);
    if (upload === undefined) throw new TransferError("not-found", `Cannot resume "${id}": there is no such upload`);
    return upload;
  }

  async *unfinished({ before, signal }: UnfinishedOptions = {}): AsyncGenerator<UnfinishedUpload> {
    for (const upload of [...this.#uploads.values()]) {
      signal?.throwIfAborted();
      const { id, spec, begun, renewed } = upload;
      if (before !== undefined && renewed >= before) continue;
      const size = async (): Promise<number> => upload.held;
      yield { id, path: spec.path, begun, renewed, size, end: (options) => upload.abort(options) };
    }
  }

  async putFile(spec: UploadSpec, body: Body, options: PutOptions = {}): Promise<StoredFile> {
    const path = normalizePath(spec.path, { hidden: true });
    const bytes = await readBody({ number: 1, offset: 0, size: spec.size ?? body.size }, body, options);
    await this.#check(bytes, options.digest);
    options.signal?.throwIfAborted();
    return this.#save({ ...spec, path }, bytes);
  }

  async stat(path: string, { signal }: Abortable = {}): Promise<StoredFile | undefined> {
    signal?.throwIfAborted();
    return this.#at(path)?.file;
  }

  async list(options: ListOptions = {}): Promise<FilePage> {
    options.signal?.throwIfAborted();
    return listSpelled((exact) => this.#list(exact), options);
  }

  async #list(options: ListOptions): Promise<FilePage> {
    const { prefix = "", delimiter } = options;
    // Only a listing that folds can show a kept folder, and not the one that it looks into.
    const kept = [...this.#folders].filter((path) => delimiter !== undefined && path !== prefix).map(asEntry);
    const entries = [...[...this.#files.values()].map(({ file }) => file), ...kept];
    const shown = entries.filter(({ path }) => isHidden(prefix) || !isHidden(path));
    return pageOf(
      shown.sort((a, b) => (a.path < b.path ? -1 : 1)),
      options,
    );
  }

  readonly folders: Folders = {
    has: async (path) => {
      const start = `${path.normalize("NFC")}/`;
      return [...this.#folders, ...this.#files.keys()].some((one) => one.startsWith(start));
    },
    make: async (path) => void this.#folders.add(`${normalizePath(path, { hidden: true })}/`),
    remove: async (path) => void this.#folders.delete(`${path.normalize("NFC")}/`),
  };

  async read(
    path: string,
    { signal, range, etag }: ReadOptions = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    signal?.throwIfAborted();
    const { file, bytes } = this.#find(path, "read");
    if (etag !== undefined && etag !== file.etag) {
      throw new TransferError("conflict", `Cannot read "${path}": it has changed since`);
    }
    let at = range?.start ?? 0;
    const end = Math.min(range?.end ?? bytes.length, bytes.length);
    if (at > end) throw new TransferError("invalid", `Cannot read "${path}" from byte ${at}: it is shorter`);
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          if (signal?.aborted) controller.error(signal.reason);
          else if (at >= end) controller.close();
          else {
            const next = Math.min(at + 65_536, end);
            controller.enqueue(bytes.slice(at, next));
            at = next;
          }
        },
      },
      { highWaterMark: 0 },
    );
  }

  async move(from: string, to: string, { signal }: Abortable = {}): Promise<StoredFile> {
    signal?.throwIfAborted();
    const path = normalizePath(to, { hidden: true });
    const { file, bytes } = this.#find(from, "move");
    const moved = { ...file, path };
    this.#files.delete(file.path);
    this.#files.set(path, { file: moved, bytes });
    return moved;
  }

  async copy(from: string, to: string, { signal }: Abortable = {}): Promise<StoredFile> {
    signal?.throwIfAborted();
    const path = normalizePath(to, { hidden: true });
    const { file, bytes } = this.#find(from, "copy");
    const copied = { ...file, path };
    this.#files.set(path, { file: copied, bytes });
    return copied;
  }

  async remove(path: string, { signal }: Abortable = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#files.delete(this.#at(path)?.file.path ?? path);
  }

  #at(path: string): MemoryFile | undefined {
    return this.#files.get(path) ?? this.#files.get(path.normalize("NFC"));
  }

  #find(path: string, verb: string): MemoryFile {
    const found = this.#at(path);
    if (found === undefined) throw new TransferError("not-found", `Cannot ${verb} "${path}": there is no such file`);
    return found;
  }

  async #check(bytes: Uint8Array<ArrayBuffer>, digest: PutOptions["digest"]): Promise<void> {
    if (digest === undefined) return;
    const md5 = await this.#options.md5?.(bytes);
    if (crc64(bytes) !== digest.crc64 || (md5 ?? digest.md5) !== digest.md5) {
      throw new TransferError("checksum-mismatch", "Cannot accept the body: it is not what its digest says");
    }
  }

  #save(spec: UploadSpec, bytes: Uint8Array<ArrayBuffer>): StoredFile {
    const sum = crc64(bytes);
    const modified = spec.modified ?? this.#options.today?.() ?? new Date(0);
    const file: StoredFile = {
      path: spec.path,
      size: bytes.length,
      etag: `${sum}-${bytes.length}`,
      modified,
      type: spec.type,
      crc64: sum,
    };
    this.#files.set(spec.path, { file, bytes });
    return file;
  }
}

/** A kept folder among files; its final `/` makes a listing that folds show it as a folder. */
function asEntry(path: string): StoredFile {
  return { path, size: 0, etag: "", modified: new Date(0) };
}
