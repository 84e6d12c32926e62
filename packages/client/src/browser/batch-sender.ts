/**
 * Many small files in few requests: grouped, hashed in bulk, a few requests at once. What fails is tried again, then sent
 * alone. What may have arrived before is asked for first, and what is there with the same bytes counts as sent.
 */

import {
  type BatchFile,
  type BatchResult,
  batchPolicy,
  isTransferError,
  MiB,
  type RetryPolicy,
  retrying,
  type StoredFile,
  TransferError,
  toStoredFile,
  type WireError,
} from "@naru/core";
import type { NaruApi } from "../api.ts";
import { systemClock } from "../clock.ts";
import type { Hasher } from "./hasher.ts";
import { policyOf, type Row } from "./row.ts";
import { WaitingRows } from "./waiting-rows.ts";

const maxBytes = 4 * MiB;
const maxFiles = 256;
const atOnce = 3;
/** Then each file goes alone, and waits by itself until the server answers. */
const fewRetries: RetryPolicy = { ...batchPolicy, retries: 2 };
const noResult: WireError = { code: "internal", message: "Cannot send: the answer leaves it out", retryable: true };

export interface BatchSenderOptions {
  readonly api: NaruApi;
  readonly hashes: Hasher;
  /** Gives a row's bytes, checked. @throws {TransferError} `file-changed` */
  readonly fileOf: (row: Row) => Promise<File>;
  /** Waits until so many bytes may be sent. */
  readonly pass: (bytes: number) => Promise<void>;
  readonly onChange: (row: Row) => void;
  /** The digests of these rows are known: from the end of this on they may arrive. */
  readonly onHashed: (rows: readonly Row[]) => Promise<void>;
  readonly onSent: (bytes: number) => void;
  readonly onDone: (rows: readonly { readonly row: Row; readonly file: StoredFile }[]) => void;
  /** A row must be sent by parts instead, or wait until the server answers. */
  readonly onFailed: (row: Row, error: unknown) => void;
}

interface Item {
  readonly row: Row;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly entry: BatchFile;
}

/** Sends rows of small files. */
export class BatchSender {
  readonly #options: BatchSenderOptions;
  /** One that was given an upload meanwhile goes by parts. */
  readonly #queue = new WaitingRows({ isDue: ({ id }) => id === undefined });
  #running = 0;
  #isGathering = false;
  /** What a batch may hold; less once a proxy has refused one. */
  #room = { bytes: maxBytes, files: maxFiles };
  /** The last batch held files that were there already, so the next may too. */
  #asksFirst = false;
  #lost = new AbortController();

  constructor(options: BatchSenderOptions) {
    this.#options = options;
  }

  /** What is under way is on dead connections: ask what of it has arrived, and send the rest again. */
  reconnect(): void {
    this.#lost.abort(new TransferError("unreachable", "Cannot wait for the answer: the computer slept"));
    this.#lost = new AbortController();
  }

  push(row: Row): void {
    this.#queue.push(row);
    if (this.#isGathering) return;
    this.#isGathering = true;
    // Gather what comes in this turn before the first request leaves.
    queueMicrotask(() => {
      this.#isGathering = false;
      this.#next();
    });
  }

  /** Rows have another place in the queue than before. */
  reorder(): void {
    this.#queue.reorder();
  }

  #next(): void {
    while (this.#running < atOnce && this.#queue.peek() !== undefined) {
      const rows = this.#take();
      this.#running += 1;
      // Never rejects: failures go to their rows.
      void this.#send(rows).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  #take(): readonly Row[] {
    const rows: Row[] = [];
    let bytes = 0;
    while (rows.length < this.#room.files) {
      const row = this.#queue.peek();
      if (!row || (rows.length > 0 && bytes + row.size > this.#room.bytes)) break;
      this.#queue.shift();
      row.rest("checking");
      this.#options.onChange(row);
      rows.push(row);
      bytes += row.size;
    }
    return rows;
  }

  async #send(rows: readonly Row[]): Promise<void> {
    const items = await this.#prepare(rows);
    // A journal that cannot be written costs nothing now: what is sent twice, the server knows by its bytes.
    await this.#options.onHashed(items.map(({ row }) => row)).catch(() => undefined);
    const going = items.filter(({ row }) => row.state === "checking");
    if (going.length === 0) return;
    for (const { row } of going) this.#show(row, "uploading", row.size);
    try {
      const asks = this.#asksFirst || going.some(({ row }) => row.returned || row.conflict !== undefined);
      await this.#post(asks ? await this.#missing(going) : going);
    } catch (error) {
      // Of a batch that was halved some are done, or on their way alone.
      const left = going.filter(({ row }) => row.state === "uploading" && !row.alone);
      for (const { row } of left) this.#options.onFailed(row, error);
    }
  }

  async #prepare(rows: readonly Row[]): Promise<readonly Item[]> {
    const read = await Promise.all(
      rows.map(async (row) => {
        try {
          return [{ row, blob: await this.#options.fileOf(row) }];
        } catch (error) {
          this.#options.onFailed(row, error);
          return [];
        }
      }),
    );
    const files = read.flat();
    const hashed = await this.#hash(files);
    return files.flatMap(({ row, blob }, index) => {
      const one = hashed[index];
      if (one?.bytes === undefined) return [];
      const { bytes, ...digest } = one;
      row.digest = digest;
      const modified = new Date(blob.lastModified).toISOString();
      const type = blob.type === "" ? undefined : blob.type;
      const entry: BatchFile = {
        path: row.path,
        size: blob.size,
        type,
        modified,
        conflict: policyOf(row),
        ...digest,
      };
      return [{ row, bytes, entry }];
    });
  }

  async #hash(files: readonly { row: Row; blob: File }[]): ReturnType<Hasher["readAll"]> {
    try {
      return await this.#options.hashes.readAll(files.map(({ blob }) => blob));
    } catch {
      // One file that cannot be read must not stop the others: find it by sending each alone.
      for (const { row } of files) this.#options.onFailed(row, new TransferError("unsupported", "Cannot hash a batch"));
      return [];
    }
  }

  async #post(items: readonly Item[]): Promise<void> {
    const { api, onSent, pass } = this.#options;
    let left: readonly Item[] = items;
    let isAgain = false;
    const post = async (): Promise<void> => {
      if (isAgain) left = await this.#missing(left);
      isAgain = true;
      if (left.length === 0) return;
      const sent = left;
      await pass(sent.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
      const results = await api.sendBatch(
        sent.map(({ entry }) => entry),
        sent.map(({ bytes }) => bytes),
        { signal: this.#lost.signal },
      );
      onSent(sent.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
      this.#done(sent.map(({ row }, index) => ({ row, result: results[index] })));
    };
    try {
      await retrying(post, fewRetries, { random: Math.random, wait: (ms) => systemClock.sleep(ms) });
    } catch (error) {
      if (!isTransferError(error) || error.code !== "proxy-limit") throw error;
      await this.#halve(left, error);
    }
  }

  /** Send in two what a proxy does not let through in one; a single file is tried by parts. */
  async #halve(items: readonly Item[], error: TransferError): Promise<void> {
    const [only, ...others] = items;
    if (only === undefined || others.length === 0) {
      if (only) this.#options.onFailed(only.row, error);
      return;
    }
    const bytes = items.reduce((sum, item) => sum + item.bytes.byteLength, 0);
    const files = Math.ceil(items.length / 2);
    this.#room = {
      bytes: Math.min(this.#room.bytes, Math.ceil(bytes / 2)),
      files: Math.min(this.#room.files, files),
    };
    await this.#post(items.slice(0, files));
    await this.#post(items.slice(files));
  }

  /** What is there already with the same bytes is not sent again: of a batch without an answer all may have arrived. */
  async #missing(items: readonly Item[]): Promise<readonly Item[]> {
    const known = await this.#options.api.known(
      items.map(({ entry }) => entry),
      { signal: this.#lost.signal },
    );
    const files = items.map((item, index) => ({ item, file: known[index]?.file }));
    this.#done(
      files.flatMap(({ item: { row }, file }) => (file ? [{ row, result: { file, same: true as const } }] : [])),
    );
    this.#asksFirst = files.some(({ file }) => file !== undefined);
    return files.flatMap(({ item, file }) => (file ? [] : [item]));
  }

  #done(results: readonly { row: Row; result: BatchResult | undefined }[]): void {
    const done: { row: Row; file: StoredFile }[] = [];
    for (const { row, result } of results) {
      if (result && "file" in result) {
        this.#asksFirst ||= result.same === true;
        row.same = result.same === true && row.conflict !== undefined && !row.returned;
        this.#show(row, "done", 0);
        done.push({ row, file: toStoredFile(result.file) });
      } else {
        const { code, message } = result?.error ?? noResult;
        this.#options.onFailed(row, new TransferError(code, message));
      }
    }
    this.#options.onDone(done);
  }

  #show(row: Row, state: "uploading" | "done", inFlight: number): void {
    row.rest(state);
    row.route = "proxy";
    row.inFlight = inFlight;
    if (state === "done") row.confirmed = row.size;
    this.#options.onChange(row);
  }
}
