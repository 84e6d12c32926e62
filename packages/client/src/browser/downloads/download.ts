/** One download of this tab: fetched where it can be resumed, verified, then put where it was wanted. */

import { type Budget, Fetch, type Fetched, type StoredFile, TransferError, toStoredFile } from "@naru/core";
import type { NaruApi } from "../../api.ts";
import { systemClock } from "../../clock.ts";
import type { ReadAddress } from "../../read-address.ts";
import type { Hasher } from "../hasher.ts";
import type { Row, Running } from "../row.ts";
import { copyInto, fileIn, freeTarget, isSame, type Target, targetIn } from "./chosen-folder.ts";
import { downloadAddress } from "./download-address.ts";
import type { DownloadEntry, DownloadJournal } from "./download-journal.ts";
import type { Staging } from "./staging.ts";
import { openWritableSink } from "./writable-sink.ts";

/** Files of a chosen folder that are no larger go there without a stop: a crash costs no more. */
export const wholeAtOnce: number = 64 * 1024 * 1024;

/** What all downloads of a tab share. */
export interface DownloadContext {
  readonly api: NaruApi;
  readonly hashes: Pick<Hasher, "digest">;
  readonly journal: DownloadJournal;
  readonly staging: Staging;
  readonly connections: number;
  readonly budget: Budget;
  /** The speed that one of them is held to now. */
  readonly bytesPerSecond: () => number | undefined;
  readonly onProgress: (received: number) => void;
}

export class Download {
  readonly row: Row;
  entry: DownloadEntry;
  #stop = new AbortController();

  constructor(row: Row, entry: DownloadEntry) {
    this.row = row;
    this.entry = entry;
  }

  /** It lies in the browser's own files until it is whole. */
  get isStaged(): boolean {
    return this.entry.place === undefined || this.entry.size > wholeAtOnce;
  }

  /**
   * Fetch what is missing, and put it into the chosen folder, if there is one. Gives what the browser is to save otherwise.
   *
   * @throws {TransferError} `file-changed` when the file at the server is another one by now
   * @throws {DOMException} `AbortError` when it was stopped
   */
  async run(context: DownloadContext, root: FileSystemDirectoryHandle | undefined): Promise<File | undefined> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.row.running = this.#pausable();
    const { journal, staging } = context;
    const { key, place, whole } = this.entry;
    const held = whole === undefined ? undefined : await staging.whole(key);
    const target = root && place && (await targetIn(root, place.to));
    if (held === undefined) {
      const address = await downloadAddress(context.api, this.entry.path, { signal });
      signal.throwIfAborted();
      this.#mustBeTheSame(address.file);
      const there = target && (await fileIn(target));
      const same = there && (await this.#isSame(there, address.file, context));
      if (same === true) {
        this.row.same = true;
        return undefined;
      }
      // Where nobody knows a checksum, it is fetched and compared before it takes another name.
      const mayBeSame = same === undefined && there?.size === address.file.size;
      const direct = target && !this.isStaged && !mayBeSame ? await freeTarget(target) : undefined;
      const { crc64, compared } = await this.#fetch(address, context, direct);
      const fetched = compared ? undefined : await (direct ? fileIn(direct) : staging.whole(key));
      const unverified = !compared && !(fetched && (await this.#isSame(fetched, address.file, context)));
      this.row.unverified = unverified;
      if (direct !== undefined) return undefined;
      this.entry = { ...this.entry, whole: crc64, unverified };
      await journal.put([this.entry]);
    }
    const fetched = held ?? (await staging.whole(key));
    if (fetched === undefined)
      throw new TransferError("internal", `Cannot find "${this.entry.name}" where it was kept`);
    if (target === undefined) return fetched;
    await this.#put(target, fetched, context);
    return undefined;
  }

  #pausable(): Running {
    const stop = (): void => this.#stop.abort(new DOMException("The download was stopped", "AbortError"));
    return { pause: stop, resume: () => undefined, cancel: async () => stop(), wake: () => undefined };
  }

  #mustBeTheSame({ etag, size }: { readonly etag: string; readonly size: number }): void {
    if (etag === this.entry.etag && size === this.entry.size) return;
    throw new TransferError("file-changed", `Cannot resume "${this.entry.name}": it changed at the server`);
  }

  #isSame(
    there: File,
    { size, etag, crc64 }: { readonly size: number; readonly etag: string; readonly crc64?: string | undefined },
    { hashes }: DownloadContext,
  ): Promise<boolean | undefined> {
    return isSame(there, { size, etag, crc64 }, (blob) => hashes.digest(blob, this.#stop));
  }

  async #fetch(address: ReadAddress, context: DownloadContext, direct: Target | undefined): Promise<Fetched> {
    const { api, journal, staging, budget, connections, bytesPerSecond, onProgress } = context;
    const { row, entry } = this;
    const file: StoredFile = toStoredFile(address.file);
    row.route = address.route;
    await using sink = direct
      ? await openWritableSink(direct.folder, direct.name, entry.size)
      : await staging.sink(entry.key, entry.size);
    this.#stop.signal.throwIfAborted();
    row.bytesSent = 0;
    const fetch = new Fetch({ file, read: async (range, options) => (await address.read(range, options)).body }, sink, {
      clock: systemClock,
      random: Math.random,
      journal: sink.fresh && direct ? undefined : journal.notesOf(entry.key),
      budget,
      maxConcurrency: connections,
      bytesPerSecond,
      probe: (options) => api.alive(options),
      onProgress: (progress) => {
        const received = progress.bytesReceived - row.bytesSent;
        row.bytesSent = progress.bytesReceived;
        // Whole is not yet where it was wanted.
        row.apply({ ...progress, state: progress.state === "done" ? "verifying" : progress.state });
        onProgress(received);
      },
    });
    row.running = fetch;
    const fetched = await fetch.run();
    row.running = this.#pausable();
    if (direct !== undefined) this.#named(direct);
    return fetched;
  }

  async #put(target: Target, fetched: File, context: DownloadContext): Promise<void> {
    const { entry, row } = this;
    const { signal } = this.#stop;
    row.running = this.#pausable();
    const there = await fileIn(target);
    // Put there just before the browser was killed, or by somebody else.
    if (there !== undefined && (await this.#isSame(there, { ...entry, crc64: entry.whole }, context))) row.same = true;
    else {
      const free = await freeTarget(target);
      await copyInto(free, fetched, { crc64: entry.whole ?? "", signal });
      this.#named(free);
    }
    await context.staging.remove(entry.key);
  }

  /** Say so where the name was taken. */
  #named({ name }: Target): void {
    const { place, name: own, path } = this.entry;
    const wanted = place?.to.slice(place.to.lastIndexOf("/") + 1) ?? own;
    if (name !== wanted) this.row.storedPath = `${path.slice(0, path.lastIndexOf("/") + 1)}${name}`;
  }
}
