/** One run of a sync: what differs is carried as it is found, and what is too much is deleted in the end. */

import { TransferError } from "@naru/core";
import type { ProgressView } from "../progress.ts";
import type { Carrier } from "./carrier.ts";
import { type Difference, type DifferencesOptions, differences } from "./differences.ts";
import { JobPool } from "./job-pool.ts";
import { refuseUnseen } from "./seen.ts";
import type { SyncReport } from "./sync-report.ts";

export interface SyncRunOptions extends DifferencesOptions {
  readonly carrier: Carrier;
  readonly report: SyncReport;
  readonly progress: ProgressView;
  /** The source, for people. */
  readonly from: string;
  readonly dryRun: boolean;
  readonly allowEmpty: boolean;
  /** What differs, where it is found in another way than folder by folder. */
  readonly found?: AsyncIterable<Difference> | undefined;
}

type Extra = Extract<Difference, { kind: "extra" | "obstacle" }>;

const deletionsAtOnce = 8;

export class SyncRun {
  readonly #options: SyncRunOptions;
  readonly #extras: Extra[] = [];
  /** Files that the source has. */
  #files = 0;
  #isUnread = false;

  constructor(options: SyncRunOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { carrier, signal } = this.#options;
    try {
      for await (const difference of this.#options.found ?? differences(this.#options)) {
        if (signal.aborted) break;
        await this.#take(difference);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await carrier.finish();
    }
    if (signal.aborted) return;
    await this.#deleteExtras();
    if (!signal.aborted) this.#options.report.end();
  }

  async #take(difference: Difference): Promise<void> {
    const { carrier, report, progress, dryRun } = this.#options;
    switch (difference.kind) {
      case "new":
      case "changed": {
        const { kind, to, file } = difference;
        this.#files += 1;
        if (dryRun) return report.planned(kind, carrier.nameOf(to), file.size);
        progress.expect({ files: 1, bytes: file.size });
        return carrier.carry(difference);
      }
      case "same":
        this.#files += 1;
        return report.same();
      case "folder":
        return this.#makeFolder(difference.to);
      case "obstacle":
        return this.#delete(difference);
      case "extra":
        this.#extras.push(difference);
        return;
      case "left":
        return report.left(difference.from, difference.why);
      case "failed":
        this.#isUnread ||= difference.isUnread;
        return report.refused(difference.error);
    }
  }

  async #makeFolder(to: string): Promise<void> {
    const { carrier, report, dryRun } = this.#options;
    const path = `${carrier.nameOf(to)}/`;
    if (dryRun) return report.planned("folder", path);
    try {
      await carrier.makeFolder(to);
      report.madeFolder(path);
    } catch (error) {
      report.failed(path, error);
    }
  }

  async #deleteExtras(): Promise<void> {
    const { report, allowEmpty, from } = this.#options;
    if (this.#extras.length === 0) return;
    const why = this.#isUnread
      ? "not all of the source could be read"
      : report.isMissing
        ? "not all files have arrived; what is to go may be all there is of them"
        : this.#files === 0 && !allowEmpty
          ? "the source has no files; if all of the other side is to go, add --allow-empty"
          : undefined;
    if (why !== undefined) {
      report.refused(new TransferError("invalid", `Cannot delete what "${from}" does not have: ${why}`));
      return;
    }
    const pool = new JobPool(deletionsAtOnce);
    for (const extra of this.#extras) await pool.add(() => this.#delete(extra));
    await pool.idle();
  }

  async #delete({ to, seen }: Extra): Promise<void> {
    const { carrier, report, signal, dryRun, target } = this.#options;
    const path = `${carrier.nameOf(to)}${seen.isFolder ? "/" : ""}`;
    if (signal.aborted) return;
    if (dryRun) return report.planned("delete", path);
    try {
      await refuseUnseen(target, { to, seen }, { signal });
      await carrier.remove(to, seen);
      report.deleted(path);
    } catch (error) {
      report.failed(path, error);
    }
  }
}
