/** The queue: which transfer goes when, and what happens when it ends. Everything it promises is in the journal first. */

import { basename, resolve } from "node:path";
import { systemClock } from "@naru/client/node";
import { TransferError, throttle } from "@naru/core";
import type { AgentJournal } from "../journal.ts";
import { readSettings, type Settings, saveSettings } from "../settings.ts";
import type { Spool, Way } from "../spool/spool.ts";
import type { Spools } from "../spool/spools.ts";
import { LiveSpools } from "./live-spools.ts";
import { LiveTransfer } from "./live-transfer.ts";
import { factsOf, newEntry, partSizeFor } from "./new-entry.ts";
import type { OpenStore } from "./open-store.ts";
import { PendingAborts } from "./pending-aborts.ts";
import { renewedDestination } from "./renewed-destination.ts";
import { Schedule } from "./schedule.ts";
import type { ReceiveRequest, SendRequest, TransferEvent, TransferQueue } from "./transfer-queue.ts";
import { TransferRows } from "./transfer-rows.ts";
import { TransferRuns } from "./transfer-runs.ts";
import type { TransferEntry } from "./transfer-table.ts";
import type { TransferView } from "./transfer-view.ts";

export interface TransfersOptions {
  readonly journal: AgentJournal;
  readonly spools: Spools;
  readonly openStore: OpenStore;
  readonly log: (line: string) => void;
}

/** The transfers of this agent. */
export class Transfers implements TransferQueue {
  readonly #options: TransfersOptions;
  readonly #rows: TransferRows;
  readonly #spools: LiveSpools;
  readonly #runs: TransferRuns;
  readonly #schedule: Schedule;
  readonly #pendingAborts: PendingAborts;
  #settings: Settings;

  private constructor(options: TransfersOptions) {
    const { journal, spools, openStore, log } = options;
    this.#options = options;
    this.#settings = readSettings(journal);
    this.#schedule = new Schedule(
      () => this.#settings.hours,
      () => this.#hoursChanged(),
    );
    const rows = new TransferRows(journal);
    this.#rows = rows;
    this.#pendingAborts = new PendingAborts({ rows, openStore, log });
    this.#spools = new LiveSpools({
      spools,
      log,
      onGrant: (live) => this.#granted(live),
      isWanted: (live) => !this.#runs.isClosed && rows.has(live) && !isOver(live),
      onBack: (live) => {
        this.#runs.fill();
        rows.notify(live);
      },
    });
    this.#runs = new TransferRuns({
      rows,
      openStore,
      log,
      spools: this.#spools,
      throttled: throttle({ clock: systemClock, bytesPerSecond: () => this.#settings.bytesPerSecond }),
      atOnce: () => (this.#schedule.isOpen ? this.#settings.atOnce : 0),
    });
  }

  /** Go on with what the journal has. */
  static async open(options: TransfersOptions): Promise<Transfers> {
    const transfers = new Transfers(options);
    await transfers.#restore();
    return transfers;
  }

  get settings(): Settings {
    return this.#settings;
  }

  list(): readonly TransferView[] {
    return this.#rows.all.map(({ view }) => view);
  }

  get(id: string): TransferView | undefined {
    return this.#rows.find(id)?.view;
  }

  spoolOf(id: string): Spool | undefined {
    return this.#rows.find(id)?.spool;
  }

  wayFor(size: number): Promise<{ readonly way: Exclude<Way, "direct">; readonly free: number }> {
    return this.#options.spools.wayFor(size);
  }

  async send({ file, ...wanted }: SendRequest): Promise<TransferView> {
    const path = resolve(file);
    const facts = await factsOf(path);
    const partSize = wanted.upload?.partSize ?? partSizeFor(facts.size, wanted.to);
    const begun = newEntry(wanted, basename(path));
    return this.#add({ ...begun, ...facts, partSize, way: "direct", file: path }).view;
  }

  async receive({ file, ...wanted }: ReceiveRequest): Promise<{ transfer: TransferView; spool: Spool }> {
    const { way } = await this.wayFor(file.size);
    const partSize = wanted.upload?.partSize ?? partSizeFor(file.size, wanted.to, this.#settings.spoolLimit);
    const entry = { ...newEntry(wanted, file.name), size: file.size, modifiedMs: file.modifiedMs, partSize, way };
    const live = this.#add(entry, { idle: true });
    const spool = await this.#spools.open(live).catch(async (error: unknown) => {
      await this.remove(live.entry.id);
      throw error;
    });
    spool.attach();
    this.#runs.fill();
    return { transfer: live.view, spool };
  }

  async pause(id: string): Promise<void> {
    const live = this.#rows.mustFind(id);
    if (live.entry.state !== "go") return;
    this.#rows.save(live, { state: "paused" });
    await this.#runs.stop(live);
  }

  async resume(id: string): Promise<void> {
    const live = this.#rows.mustFind(id);
    if (live.entry.state !== "paused") return;
    this.#rows.save(live, { state: "go" });
    this.#runs.fill();
  }

  async cancel(id: string): Promise<void> {
    const live = this.#rows.mustFind(id);
    if (isOver(live)) return;
    // A full disk must not keep it: what is cancelled may be what fills it.
    this.#rows.saveLate(live, { state: "cancelled", ended: Date.now(), error: undefined });
    await this.#runs.stop(live);
    await this.#spools.drop(live);
    this.#rows.saveNow();
    this.#pendingAborts.abort(live);
  }

  async release(id: string): Promise<string | undefined> {
    const live = this.#rows.mustFind(id);
    const { upload, to } = live.entry;
    if (live.entry.state === "done" || live.entry.completing) throw arrives(live);
    // A page cannot go on with what a gateway has.
    if (to.kind !== "naru") return this.remove(id).then(() => undefined);
    // Without its upload, which nobody is to forget at the far side.
    this.#rows.saveLate(live, { state: "cancelled", ended: Date.now(), error: undefined, upload: undefined });
    await this.#runs.stop(live);
    await this.remove(id);
    return upload;
  }

  async retry(id: string): Promise<void> {
    const live = this.#rows.mustFind(id);
    if (live.entry.state !== "failed" && live.entry.state !== "cancelled") return;
    const { file, size, modifiedMs } = live.entry;
    if (file !== undefined) {
      const facts = await factsOf(file);
      if (facts.size !== size || facts.modifiedMs !== modifiedMs) {
        this.#pendingAborts.abort(live);
        this.#rows.save(live, { ...facts, upload: undefined, completing: undefined, confirmed: 0 });
      }
    } else if (live.spool === undefined) await this.#spools.open(live);
    const others = this.#rows.all.map(({ entry }) => entry);
    const to = renewedDestination(live.entry, { journal: this.#options.journal, others });
    this.#rows.save(live, { state: "go", to, error: undefined, ended: undefined });
    this.#runs.fill();
  }

  together<T>(act: () => Promise<T>): Promise<T> {
    return this.#runs.hold(act);
  }

  async move(id: string, place: number): Promise<void> {
    this.#rows.move(this.#rows.mustFind(id), place);
  }

  async remove(id: string): Promise<void> {
    const live = this.#rows.mustFind(id);
    if (!isOver(live)) await this.cancel(id);
    await this.#spools.drop(live);
    this.#rows.remove(live);
  }

  async change(settings: Partial<Settings>): Promise<Settings> {
    const changed = { ...this.#settings, ...settings };
    saveSettings(this.#options.journal, changed);
    this.#settings = changed;
    this.#options.spools.limit(this.#settings.spoolLimit);
    this.#schedule.keep();
    return this.#settings;
  }

  onEvent(listener: (event: TransferEvent) => void): () => void {
    return this.#rows.onEvent(listener);
  }

  /** Stop everything; the next start goes on with it. */
  async close(): Promise<void> {
    this.#schedule[Symbol.dispose]();
    await this.#runs.close();
    await this.#pendingAborts.close();
    this.#rows.close();
  }

  async #restore(): Promise<void> {
    const kept = this.#rows.kept();
    for (const entry of kept.filter(({ removed }) => removed !== undefined)) this.#pendingAborts.abortAgain(entry);
    const entries = kept.filter(({ removed }) => removed === undefined);
    this.#rows.restore(entries.map((entry) => this.#live(entry)));
    await this.#options.spools.sweep(new Set(entries.map(({ id }) => id)));
    for (const live of this.#rows.all) {
      const { state, way } = live.entry;
      if (state === "done" || state === "cancelled") await this.#spools.drop(live);
      else if (way !== "direct") await this.#spools.reopen(live);
      if (state === "cancelled") this.#pendingAborts.abort(live);
    }
    this.#schedule.keep();
  }

  #add(entry: TransferEntry, { idle = false }: { readonly idle?: boolean } = {}): LiveTransfer {
    const live = this.#live(entry);
    this.#rows.add(live);
    this.#options.log(`transfer ${entry.id} queued ${entry.way} ${entry.size} bytes`);
    this.#rows.notify(live);
    if (!idle) this.#runs.fill();
    return live;
  }

  /** Begin or end with the hours of the schedule. */
  #hoursChanged(): void {
    if (!this.#schedule.isOpen) for (const { run } of this.#rows.all) run?.stop();
    this.#runs.fill();
    for (const live of this.#rows.all) this.#rows.notify(live);
  }

  #granted(live: LiveTransfer): void {
    if (live.run !== undefined && live.isIdle) live.run.stop();
    else if (live.run === undefined && live.entry.state === "go") this.#runs.fill();
    this.#rows.notify(live);
  }

  #live(entry: TransferEntry): LiveTransfer {
    return new LiveTransfer(entry, () => this.#schedule.isOpen);
  }
}

function arrives({ entry: { name } }: LiveTransfer): TransferError {
  return new TransferError("conflict", `Cannot give "${name}" back: it is being completed`);
}

function isOver({ entry: { state } }: LiveTransfer): boolean {
  return state === "done" || state === "cancelled";
}
