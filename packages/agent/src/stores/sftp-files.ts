import type { Abortable, ByteRange, FilePage, Files, ListOptions, ReadOptions, StoredFile } from "@naru/core";
import { openFlag } from "@naru/core/sftp-v3";
import { fileToRead, moveFile } from "./remote-file.ts";
import { listFiles, type RemoteEntry } from "./remote-listing.ts";
import { remotePath } from "./remote-names.ts";
import { streamOf, within } from "./remote-stream.ts";
import { readAll } from "./sftp-pipeline.ts";
import { isFolder, type SftpRemote } from "./sftp-remote.ts";
import { isMissing } from "./sftp-status.ts";

/** What has arrived on an SFTP server. */
export class SftpFiles implements Files {
  readonly #folder: string;
  readonly #remote: SftpRemote;

  constructor(folder: string, remote: SftpRemote) {
    this.#folder = folder;
    this.#remote = remote;
  }

  async stat(path: string, options: Abortable = {}): Promise<StoredFile | undefined> {
    return this.#remote.stat(path, options);
  }

  async list(options: ListOptions = {}): Promise<FilePage> {
    options.signal?.throwIfAborted();
    return listFiles((folder) => this.#entries(folder, options), options);
  }

  async read(path: string, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const file = await fileToRead(this.#remote, path, options);
    return streamOf(this.#chunks(file, within(options.range, file), options));
  }

  async move(from: string, to: string, options: Abortable = {}): Promise<StoredFile> {
    return moveFile(this.#remote, from, to, options);
  }

  async remove(path: string, options: Abortable = {}): Promise<void> {
    if ((await this.#remote.stat(path, options)) !== undefined) await this.#remote.remove(path, options);
  }

  async *#chunks(
    file: StoredFile,
    { start, end }: ByteRange,
    options: Abortable,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const doing = `read "${file.path}"`;
    const client = await this.#remote.client(file.path, options);
    const handle = await client.openFile(remotePath(this.#folder, file.path), openFlag.read, doing, options);
    try {
      yield* readAll({ client, handle, path: file.path }, start, end, options);
    } finally {
      if (client.alive) await client.close(handle, doing).catch(() => undefined);
    }
  }

  async #entries(folder: string, options: Abortable): Promise<readonly RemoteEntry[]> {
    const client = await this.#remote.client(folder, options);
    const full = folder === "" ? this.#folder || "." : remotePath(this.#folder, folder.slice(0, -1));
    const entries: RemoteEntry[] = [];
    try {
      for await (const { name, attributes } of client.list(full, options)) {
        const { size = 0, modified = new Date(0) } = attributes;
        entries.push({ name, kind: isFolder(attributes) ? "folder" : "file", size, modified });
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return entries;
  }
}
