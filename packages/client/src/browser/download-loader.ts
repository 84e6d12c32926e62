/** Loads what downloads need when there is the first: a page that only sends does without. */

import type { WakeOptions } from "@naru/core";
import type { Downloads, DownloadsOptions } from "./downloads/downloads.ts";
import type { Row } from "./row.ts";
import type { Call } from "./worker-messages.ts";

const database = "naru-downloads";

/** The downloads of this tab, once they are wanted. */
export class DownloadLoader {
  readonly #options: Omit<DownloadsOptions, "database">;
  #downloads: Promise<Downloads> | undefined;

  constructor(options: Omit<DownloadsOptions, "database">) {
    this.#options = options;
  }

  /** Queue files and folders. @throws {TransferError} `unsupported`, `no-space`, `not-found` */
  async add(call: Extract<Call, { verb: "download" }>): Promise<void> {
    await (await this.#get()).add(call);
  }

  /** Do a verb with the row of a download; others than those of downloads do nothing. */
  async call(row: Row, verb: Extract<Call, { key: string }>["verb"]): Promise<void> {
    if (verb === "choose" || verb === "release" || verb === "takeBack") return;
    await (await this.#get()).call(row, verb);
  }

  /** Forget downloads that have ended. */
  async clear(rows: readonly Row[]): Promise<void> {
    if (rows.length > 0) await (await this.#get()).clear(rows);
  }

  /** The tabs that own downloads of this user. */
  async owners(): Promise<readonly string[]> {
    return (await this.#known())?.owners() ?? [];
  }

  /** Take over what a tab that is gone has left, if there is anything. */
  async adopt(tab: string): Promise<void> {
    await (await this.#known())?.adopt(tab);
  }

  wake(options: WakeOptions): void {
    void this.#downloads?.then((downloads) => downloads.wake(options));
  }

  /** Nothing, where this browser never downloaded anything. */
  async #known(): Promise<Downloads | undefined> {
    if (this.#downloads !== undefined) return this.#downloads;
    const known = await indexedDB.databases().catch(() => undefined);
    return known === undefined || known.some(({ name }) => name === database) ? this.#get() : undefined;
  }

  #get(): Promise<Downloads> {
    this.#downloads ??= this.#load();
    return this.#downloads;
  }

  async #load(): Promise<Downloads> {
    const { Downloads } = await import("./downloads/downloads.ts");
    return Downloads.open({ ...this.#options, database });
  }
}
