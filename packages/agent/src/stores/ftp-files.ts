import {
  type Abortable,
  type ByteRange,
  type FilePage,
  type Files,
  type ListOptions,
  type ReadOptions,
  type StoredFile,
  TransferError,
} from "@naru/core";
import type { FtpPool } from "./ftp-pool.ts";
import type { FtpRemote } from "./ftp-remote.ts";
import { fileToRead, moveFile } from "./remote-file.ts";
import { listFiles } from "./remote-listing.ts";
import { remotePath } from "./remote-names.ts";
import { streamOf, within } from "./remote-stream.ts";

/** What has arrived on an FTP server. */
export class FtpFiles implements Files {
  readonly #pool: FtpPool;
  readonly #folder: string;
  readonly #remote: FtpRemote;

  constructor(pool: FtpPool, folder: string, remote: FtpRemote) {
    this.#pool = pool;
    this.#folder = folder;
    this.#remote = remote;
  }

  async stat(path: string, options: Abortable = {}): Promise<StoredFile | undefined> {
    return this.#remote.stat(path, options);
  }

  async list(options: ListOptions = {}): Promise<FilePage> {
    options.signal?.throwIfAborted();
    const read = (folder: string): string =>
      folder === "" ? this.#folder : remotePath(this.#folder, folder.slice(0, -1));
    return listFiles((folder) => this.#pool.use((session) => session.list(read(folder)), options), options);
  }

  async read(path: string, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const file = await fileToRead(this.#remote, path, options);
    return streamOf(this.#chunks(path, within(options.range, file), options));
  }

  async move(from: string, to: string, options: Abortable = {}): Promise<StoredFile> {
    return moveFile(this.#remote, from, to, options);
  }

  async remove(path: string, options: Abortable = {}): Promise<void> {
    await this.#remote.remove(path, options);
  }

  /** FTP reads to the end of a file; whoever wants less hangs up. */
  async *#chunks(path: string, { start, end }: ByteRange, options: Abortable): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    if (start >= end) return;
    const session = await this.#pool.take(options);
    let left = end - start;
    try {
      for await (const chunk of session.retrieve(remotePath(this.#folder, path), start, options)) {
        yield Uint8Array.from(chunk.subarray(0, left));
        left -= chunk.length;
        if (left < 0) return;
      }
      if (left > 0) throw new TransferError("file-changed", `Cannot read "${path}": it ends ${left} bytes early`);
    } finally {
      this.#pool.giveBack(session);
    }
  }
}
