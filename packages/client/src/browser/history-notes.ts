/** Notes what has arrived, for the history: many at once, and its code is loaded with the first. */

import type { StoredFile } from "@naru/core";
import type { HistoryEntry, TransferHistory } from "./history.ts";
import type { Row } from "./row.ts";

/** Files that arrive one soon after another are written together. */
const gatherMs = 50;

/** What is known of a file that is whole. */
export type WholeFile = Partial<Pick<StoredFile, "path" | "etag" | "crc64">>;

/** The notes of one user's engine. */
export class HistoryNotes {
  readonly #user: string;
  #history: Promise<TransferHistory> | undefined;
  #notes: Omit<HistoryEntry, "user">[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(user: string) {
    this.#user = user;
  }

  add(row: Row, { path, etag, crc64 }: WholeFile): void {
    const { key, size, created, lastModified, digest, id, route, same, direction = "up" } = row;
    this.#notes.push({
      key,
      direction,
      path: path ?? row.path,
      size,
      at: Date.now(),
      began: created,
      modified: lastModified,
      crc64: crc64 ?? digest?.crc64,
      md5: digest?.md5,
      etag,
      upload: id,
      route,
      same: same ? true : undefined,
    });
    this.#timer ??= setTimeout(() => void this.#write(), gatherMs);
  }

  async #write(): Promise<void> {
    const notes = this.#notes;
    this.#notes = [];
    this.#timer = undefined;
    try {
      this.#history ??= import("./history.ts").then(({ TransferHistory }) => TransferHistory.open(this.#user));
      await (await this.#history).add(notes);
    } catch {
      // A transfer is no worse for what cannot be noted of it.
      this.#history = undefined;
    }
  }
}
