import { type Abortable, type Limits, type StoredFile, TransferError } from "@naru/core";
import { openFlag, status } from "@naru/core/sftp-v3";
import { growingLimits } from "./growing-limits.ts";
import type { GrowingRemote, WriteOptions, Written } from "./growing-remote.ts";
import { etagOf } from "./remote-listing.ts";
import { foldersAbove, remotePath, waitingName } from "./remote-names.ts";
import type { SftpClient } from "./sftp-client.ts";
import type { SftpLink } from "./sftp-link.ts";
import type { Attributes } from "./sftp-packet.ts";
import { type OpenFile, writeAll } from "./sftp-pipeline.ts";
import { isMissing, SftpFailure } from "./sftp-status.ts";

const folderMode = 0o040000;
const kindMask = 0o170000;

interface GrowingFile extends OpenFile {
  /** Where what was written on this handle ends, once something was. */
  end?: number;
}

/** Files that grow on an SFTP server. A file stays open from part to part, so that a distant server costs no extra trip. */
export class SftpRemote implements GrowingRemote {
  readonly limits: Limits = growingLimits;
  readonly #links: readonly SftpLink[];
  readonly #folder: string;
  readonly #open = new Map<string, GrowingFile>();

  constructor(links: readonly SftpLink[], folder: string) {
    this.#links = links;
    this.#folder = folder;
  }

  /** The session in which a file is handled: always the same, so that what is asked of it happens in order. */
  async client(path: string, options: Abortable): Promise<SftpClient> {
    const sum = [...path].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
    const link = this.#links[sum % this.#links.length];
    if (link === undefined) throw new TransferError("invalid", "Cannot connect: no connection is allowed");
    return link.client(options);
  }

  waitingName(path: string, token: string): string {
    return waitingName(path, token);
  }

  async make(path: string, options: Abortable): Promise<void> {
    const client = await this.client(path, options);
    const flags = openFlag.write | openFlag.create | openFlag.truncate;
    await this.#inFolders(client, path, options, async (full) => {
      const handle = await client.openFile(full, flags, `make "${path}"`, options);
      this.#open.set(path, { client, handle, path });
    });
  }

  async size(path: string, options: Abortable): Promise<number | undefined> {
    const client = await this.client(path, options);
    const found = await client.stat(remotePath(this.#folder, path), options);
    return found === undefined || isFolder(found) ? undefined : (found.size ?? 0);
  }

  async cut(path: string, size: number, options: Abortable): Promise<void> {
    const { client, handle } = await this.#opened(path, options);
    await client.resize(handle, size, `shorten "${path}"`, options);
  }

  end(path: string): number | undefined {
    const file = this.#open.get(path);
    return file?.client.alive ? file.end : undefined;
  }

  async write(
    path: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
    { goesOn = false, ...options }: WriteOptions,
  ): Promise<Written> {
    const file = await this.#opened(path, options);
    if (goesOn && file.end !== offset) {
      throw new TransferError("unreachable", `Cannot resume "${path}": its connection was lost`);
    }
    delete file.end;
    const failed = async (error: unknown): Promise<never> => {
      // The session answers in order: once the handle is closed, nothing that was on its way comes after it.
      if (this.#open.get(path) === file) await this.#close(path);
      throw await this.#explained(file, error);
    };
    try {
      file.end = offset + (await writeAll(file, offset, chunks, options));
    } catch (error) {
      return await failed(error);
    }
    const durable = file.client.sync(file.handle, `write "${path}"`, options).catch(failed);
    durable.catch(() => undefined);
    return { durable };
  }

  async publish(from: string, to: string, modified: Date | undefined, options: Abortable): Promise<StoredFile> {
    await this.#close(from);
    const client = await this.client(from, options);
    // Servers that keep no dates are still fine for files.
    if (modified !== undefined) {
      await client.setAttributes(remotePath(this.#folder, from), { modified }, options).catch(ignoreRefusal);
    }
    return this.move(from, to, options);
  }

  /** Rename a file; what is at `to` is replaced, the folders that it needs are made. */
  async move(from: string, to: string, options: Abortable): Promise<StoredFile> {
    const client = await this.client(from, options);
    const source = remotePath(this.#folder, from);
    const there = await client.stat(remotePath(this.#folder, to), options);
    if (there !== undefined && isFolder(there)) {
      throw new TransferError("conflict", `Cannot write "${to}": there is a folder of that name`);
    }
    await this.#inFolders(client, to, options, async (target) => {
      if (!client.has("posix-rename@openssh.com") && there !== undefined && from !== to) {
        await client.remove(target, options);
      }
      await client.rename(source, target, options);
    });
    const file = await this.stat(to, options);
    if (file === undefined) throw new TransferError("internal", `Cannot verify "${to}": it is gone`);
    return file;
  }

  async remove(path: string, options: Abortable): Promise<void> {
    await this.#close(path);
    const client = await this.client(path, options);
    await client.remove(remotePath(this.#folder, path), options);
    // Where object storage is behind the server, what was on its way may have hidden the empty file of its beginning.
    if ((await this.size(path, options)) !== undefined) await client.remove(remotePath(this.#folder, path), options);
  }

  async stat(path: string, options: Abortable): Promise<StoredFile | undefined> {
    const client = await this.client(path, options);
    const found = await client.stat(remotePath(this.#folder, path), options);
    if (found === undefined || isFolder(found)) return undefined;
    const { size = 0, modified = new Date(0) } = found;
    return { path, size, modified, etag: etagOf(size, modified) };
  }

  async #opened(path: string, options: Abortable): Promise<GrowingFile> {
    const client = await this.client(path, options);
    const held = this.#open.get(path);
    if (held?.client === client) return held;
    const full = remotePath(this.#folder, path);
    const file = { client, handle: await client.openFile(full, openFlag.write, `write "${path}"`, options), path };
    this.#open.set(path, file);
    return file;
  }

  async #close(path: string): Promise<void> {
    const file = this.#open.get(path);
    this.#open.delete(path);
    if (file?.client.alive) await file.client.close(file.handle, `close "${path}"`).catch(() => undefined);
  }

  /** Run `work`; when a folder was missing, make the folders and run it again. */
  async #inFolders(
    client: SftpClient,
    path: string,
    options: Abortable,
    work: (full: string) => Promise<void>,
  ): Promise<void> {
    const full = remotePath(this.#folder, path);
    try {
      await work(full);
    } catch (error) {
      if (!isMissing(error)) throw error;
      for (const folder of foldersAbove(full)) await makeFolder(client, folder, options);
      await work(full);
    }
  }

  /** A plain failure of a write is mostly a full disk: ask. */
  async #explained(file: OpenFile, error: unknown): Promise<unknown> {
    if (!(error instanceof SftpFailure) || error.status !== status.failure || !file.client.alive) return error;
    const free = await file.client.freeBytes(remotePath(this.#folder, file.path)).catch(() => undefined);
    if (free === undefined || free >= file.client.writeBlock) return error;
    const message = `Cannot write "${file.path}": no space is left on the server`;
    return new TransferError("no-space", message, { cause: error });
  }
}

async function makeFolder(client: SftpClient, folder: string, options: Abortable): Promise<void> {
  const found = await client.stat(folder, options).catch(() => undefined);
  if (found !== undefined) return;
  try {
    await client.makeFolder(folder, options);
  } catch (error) {
    // Someone else may have made it meanwhile.
    if ((await client.stat(folder, options).catch(() => undefined)) === undefined) throw error;
  }
}

/** Tell whether these are the attributes of a folder. */
export function isFolder({ mode = 0 }: Attributes): boolean {
  return (mode & kindMask) === folderMode;
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof SftpFailure)) throw error;
}
