import { setTimeout } from "node:timers/promises";
import { type Abortable, isTransferError, type Limits, type StoredFile, TransferError } from "@naru/core";
import type { FtpConnection } from "./ftp-connection.ts";
import type { FtpPool } from "./ftp-pool.ts";
import { growingLimits } from "./growing-limits.ts";
import type { GrowingRemote, WriteOptions, Written } from "./growing-remote.ts";
import { etagOf } from "./remote-listing.ts";
import { foldersAbove, remotePath, waitingName } from "./remote-names.ts";

/** What still arrives of a connection that was cut arrives with shorter gaps. */
const stillMs = 250;

/** Files that grow on an FTP server. */
export class FtpRemote implements GrowingRemote {
  /** A file's bytes are durable when the server has answered to them: nothing is won by beginning with more. */
  readonly limits: Limits = { ...growingLimits, maxInFlight: 1 };
  readonly #pool: FtpPool;
  readonly #folder: string;
  readonly #folders = new Set<string>();
  /** Files whose last write from here came to its end: nothing more of it can arrive. */
  readonly #ended = new Set<string>();

  constructor(pool: FtpPool, folder: string) {
    this.#pool = pool;
    this.#folder = folder;
  }

  waitingName(path: string, token: string): string {
    return waitingName(path, token);
  }

  async make(path: string, options: Abortable): Promise<void> {
    const full = remotePath(this.#folder, path);
    const make = (session: FtpConnection): Promise<void> => session.store(full, "start", nothing(), options);
    await this.#pool.use((session) => this.#makeFolders(session, full), options);
    try {
      await this.#pool.use(make, options);
    } catch (error) {
      if (!isTransferError(error) || error.retryable) throw error;
      // A folder that was there may have been removed meanwhile.
      this.#folders.clear();
      await this.#pool.use((session) => this.#makeFolders(session, full), options);
      await this.#pool.use(make, options);
    }
  }

  async size(path: string, options: Abortable): Promise<number | undefined> {
    return this.#pool.use((session) => session.size(remotePath(this.#folder, path)), options);
  }

  async cut(path: string, size: number, options: Abortable): Promise<void> {
    if (size === 0) return this.make(path, options);
    throw new TransferError("unsupported", `Cannot truncate "${path}" to ${size} bytes: FTP has no command for it`);
  }

  /** Each part comes on a connection of its own. */
  end(): undefined {
    return undefined;
  }

  async write(
    path: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
    options: WriteOptions,
  ): Promise<Written> {
    const full = remotePath(this.#folder, path);
    await this.#pool.use(async (session) => {
      const hadEnded = this.#ended.delete(full);
      let end = offset;
      const counted = countedAs(chunks, (length) => {
        end += length;
      });
      if (offset === 0) await session.store(full, "start", counted, options);
      else if (session.restarts) await session.store(full, offset, counted, options);
      else {
        const held = hadEnded ? await session.size(full) : await this.#stillSize(session, full);
        await session.store(full, "end", skipped(counted, (held ?? 0) - offset), options);
      }
      await this.#verify(session, path, Math.max(end, offset));
      this.#ended.add(full);
    }, options);
    return { durable: Promise.resolve() };
  }

  async publish(from: string, to: string, modified: Date | undefined, options: Abortable): Promise<StoredFile> {
    const source = remotePath(this.#folder, from);
    if (modified !== undefined) await this.#pool.use((session) => session.setModified(source, modified), options);
    return this.move(from, to, options);
  }

  /** Rename a file; what is at `to` is replaced, the folders that it needs are made. */
  async move(from: string, to: string, options: Abortable): Promise<StoredFile> {
    const [source, target] = [remotePath(this.#folder, from), remotePath(this.#folder, to)];
    this.#ended.delete(source);
    return this.#pool.use(async (session) => {
      await this.#makeFolders(session, target);
      try {
        await session.rename(source, target);
      } catch (error) {
        // Some servers do not replace what is there.
        if (from === to || (await session.size(target)) === undefined) throw error;
        await session.remove(target);
        await session.rename(source, target);
      }
      const file = await statWith(session, target, to);
      if (file === undefined) throw new TransferError("internal", `Cannot verify "${to}": it is gone`);
      return file;
    }, options);
  }

  async remove(path: string, options: Abortable): Promise<void> {
    const full = remotePath(this.#folder, path);
    this.#ended.delete(full);
    await this.#pool.use(async (session) => {
      if ((await session.size(full)) === undefined) return;
      await session.remove(full);
      // Where object storage is behind the server, what was on its way may have hidden the empty file of its beginning.
      if ((await session.size(full)) !== undefined) await session.remove(full);
    }, options);
  }

  async stat(path: string, options: Abortable): Promise<StoredFile | undefined> {
    return this.#pool.use((session) => statWith(session, remotePath(this.#folder, path), path), options);
  }

  async #makeFolders(session: FtpConnection, full: string): Promise<void> {
    for (const folder of foldersAbove(full)) {
      if (this.#folders.has(folder)) continue;
      await session.makeFolder(folder);
      this.#folders.add(folder);
    }
  }

  /** What was on its way when a write was cut may still arrive; appended to, it would be in the file twice. */
  async #stillSize(session: FtpConnection, full: string): Promise<number | undefined> {
    for (let held = await session.size(full); ; ) {
      await setTimeout(stillMs);
      const now = await session.size(full);
      if (now === held) return held;
      held = now;
    }
  }

  /** The only proof that FTP has of what came. A file that is too long is no use: two sessions wrote to it. */
  async #verify(session: FtpConnection, path: string, end: number): Promise<void> {
    const size = await session.size(remotePath(this.#folder, path));
    if (size === end) return;
    if (size !== undefined && size > end) await session.remove(remotePath(this.#folder, path));
    const why = `the server has ${size ?? "no"} bytes of it instead of ${end}`;
    throw new TransferError("unavailable", `Cannot write "${path}": ${why}`);
  }
}

async function statWith(session: FtpConnection, full: string, path: string): Promise<StoredFile | undefined> {
  const size = await session.size(full);
  if (size === undefined) return undefined;
  const modified = (await session.modified(full)) ?? new Date(0);
  return { path, size, modified, etag: etagOf(size, modified) };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* countedAs(
  chunks: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

async function* skipped(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
