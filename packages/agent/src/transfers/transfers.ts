/** The queue: which transfer goes when, and what happens when it ends. Everything it promises is in the journal first. */

import { basename, resolve } from "node:path";
import { systemClock } from "@naru/client/node";
import { isTransferError, type Store, TransferError, throttle } from "@naru/core";
import { isDiskRefusal } from "../full-disk.ts";
import type { AgentJournal } from "../journal.ts";
import { readSettings, type Settings, saveSettings } from "../settings.ts";
import type { Spool, Way } from "../spool/spool.ts";
import type { Spools } from "../spool/spools.ts";
import { Farewells } from "./farewells.ts";
import { LateWrites } from "./late-writes.ts";
import { runLive } from "./live-run.ts";
import { LiveTransfer } from "./live-transfer.ts";
import { factsOf, newEntry, partSizeFor } from "./new-entry.ts";
import type { OpenStore } from "./open-store.ts";
import { serverOf } from "./read-destination.ts";
import { renewedDestination } from "./renewed-destination.ts";
import { Schedule } from "./schedule.ts";
import type { ReceiveRequest, SendRequest, TransferDesk, TransferEvent } from "./transfer-desk.ts";
import { type TransferEntry, TransferTable } from "./transfer-table.ts";
import type { TransferView } from "./transfer-view.ts";

export interface TransfersOptions {
  readonly journal: AgentJournal;
  readonly spools: Spools;
  readonly openStore: OpenStore;
  readonly log: (line: string) => void;
}

/** By then a server has swept what nobody went on with. */
const longestFarewellMs = 14 * 24 * 3_600_000;

/** The transfers of this agent. */
export class Transfers implements TransferDesk {
  readonly #options: TransfersOptions;
  readonly #table: TransferTable;
  readonly #listeners = new Set<(event: TransferEvent) => void>();
  readonly #throttled: (store: Store) => Store;
  readonly #schedule: Schedule;
  readonly #farewells: Farewells;
  readonly #late = new LateWrites();
  #isClosed = false;
  /** While it is above 0 nothing begins. */
  #held = 0;
  #queue: LiveTransfer[] = [];
  #settings: Settings;

  private constructor(options: TransfersOptions) {
    this.#options = options;
    this.#table = new TransferTable(options.journal);
    this.#farewells = new Farewells(options.openStore);
    this.#schedule = new Schedule(
      () => this.#settings.hours,
      () => this.#hoursChanged(),
    );
    this.#settings = readSettings(options.journal);
    this.#throttled = throttle({ clock: systemClock, bytesPerSecond: () => this.#settings.bytesPerSecond });
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
    return this.#queue.map(({ view }) => view);
  }

  get(id: string): TransferView | undefined {
    return this.#find(id)?.view;
  }

  spoolOf(id: string): Spool | undefined {
    return this.#find(id)?.spool;
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
    const spool = await this.#openSpool(live).catch(async (error: unknown) => {
      await this.remove(live.entry.id);
      throw error;
    });
    spool.attach();
    this.#fill();
    return { transfer: live.view, spool };
  }

  async pause(id: string): Promise<void> {
    const live = this.#mustFind(id);
    if (live.entry.state !== "go") return;
    this.#save(live, { state: "paused" });
    await this.#stop(live);
  }

  async resume(id: string): Promise<void> {
    const live = this.#mustFind(id);
    if (live.entry.state !== "paused") return;
    this.#save(live, { state: "go" });
    this.#fill();
  }

  async cancel(id: string): Promise<void> {
    const live = this.#mustFind(id);
    if (live.entry.state === "done" || live.entry.state === "cancelled") return;
    // A full disk must not keep it: what is cancelled may be what fills it.
    live.entry = { ...live.entry, state: "cancelled", ended: Date.now(), error: undefined };
    this.#late.write(id, () => this.#table.save(live.entry));
    this.#tell(live);
    await this.#stop(live);
    await this.#dropSpool(live);
    this.#late.again();
    this.#abandon(live);
  }

  async retry(id: string): Promise<void> {
    const live = this.#mustFind(id);
    if (live.entry.state !== "failed" && live.entry.state !== "cancelled") return;
    const { file, size, modifiedMs } = live.entry;
    if (file !== undefined) {
      const facts = await factsOf(file);
      if (facts.size !== size || facts.modifiedMs !== modifiedMs) {
        this.#abandon(live);
        this.#save(live, { ...facts, upload: undefined, completing: undefined, confirmed: 0 });
      }
    } else if (live.spool === undefined) await this.#openSpool(live);
    const others = this.#queue.map(({ entry }) => entry);
    const to = renewedDestination(live.entry, { journal: this.#options.journal, others });
    this.#save(live, { state: "go", to, error: undefined, ended: undefined });
    this.#fill();
  }

  async together<T>(act: () => Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      return await act();
    } finally {
      this.#held -= 1;
      this.#fill();
    }
  }

  async move(id: string, place: number): Promise<void> {
    const live = this.#mustFind(id);
    const others = this.#queue.filter((one) => one !== live);
    const queue = others.toSpliced(Math.max(0, place), 0, live);
    this.#table.order(queue.map(({ entry }) => entry.id));
    this.#queue = queue;
    this.#tell(live);
  }

  async remove(id: string): Promise<void> {
    const live = this.#mustFind(id);
    const { state } = live.entry;
    if (state !== "done" && state !== "cancelled") await this.cancel(id);
    await this.#dropSpool(live);
    // Kept, unseen, until the far side has forgotten it too.
    const removed = { ...live.entry, removed: Date.now() };
    this.#late.write(id, () => (removed.upload === undefined ? this.#table.remove(id) : this.#table.save(removed)));
    this.#queue = this.#queue.filter((one) => one !== live);
    for (const listener of this.#listeners) listener({ kind: "gone", transfer: live.view });
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
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stop everything; the next start goes on with it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#schedule[Symbol.dispose]();
    await Promise.all(this.#queue.map((live) => this.#stop(live)));
    await this.#farewells.close();
    this.#late.close();
    this.#listeners.clear();
  }

  async #restore(): Promise<void> {
    const kept = this.#table.list();
    for (const entry of kept.filter(({ removed }) => removed !== undefined)) this.#forget(entry);
    const entries = kept.filter(({ removed }) => removed === undefined);
    this.#queue = entries.map((entry) => new LiveTransfer(entry, () => this.#schedule.isOpen));
    await this.#options.spools.sweep(new Set(entries.map(({ id }) => id)));
    for (const live of this.#queue) {
      const { state, way } = live.entry;
      if (state === "done" || state === "cancelled") await this.#dropSpool(live);
      else if (way !== "direct") await this.#reopenSpool(live);
      if (state === "cancelled") this.#abandon(live);
    }
    this.#schedule.keep();
  }

  #add(entry: TransferEntry, { idle = false }: { readonly idle?: boolean } = {}): LiveTransfer {
    const live = new LiveTransfer(entry, () => this.#schedule.isOpen);
    this.#table.save(entry);
    this.#queue.push(live);
    this.#options.log(`transfer ${entry.id} queued ${entry.way} ${entry.size} bytes`);
    this.#tell(live);
    if (!idle) this.#fill();
    return live;
  }

  async #openSpool(live: LiveTransfer): Promise<Spool> {
    const { id, name, size, modifiedMs, way, partSize = size } = live.entry;
    const file = { name, size, modifiedMs };
    const spool = await this.#options.spools.spool({
      id,
      file,
      way: way === "window" ? way : "full",
      segmentSize: Math.max(1, partSize),
    });
    live.spool = spool;
    spool.onGrant(() => {
      if (live.run !== undefined && live.isIdle) live.run.stop();
      else if (live.run === undefined && live.entry.state === "go") this.#fill();
      this.#tell(live);
    });
    return spool;
  }

  /** Open a spool from before; one whose disk is missing is opened when that is back. */
  async #reopenSpool(live: LiveTransfer): Promise<void> {
    const { id } = live.entry;
    const { spools, log } = this.#options;
    try {
      await this.#openSpool(live);
      live.hindrance = undefined;
    } catch (error) {
      if (!isTransferError(error) || error.code !== "unavailable") throw error;
      live.hindrance = { code: error.code, message: error.message };
      log(`transfer ${id} waits: ${error.message}`);
      spools.whenBack(() => void this.#wentOn(live));
    }
  }

  /** Never fails: what cannot be opened now is opened at the next start. */
  async #wentOn(live: LiveTransfer): Promise<void> {
    if (this.#isClosed || live.spool !== undefined || !this.#queue.includes(live)) return;
    if (live.entry.state === "done" || live.entry.state === "cancelled") return;
    try {
      await this.#reopenSpool(live);
      this.#fill();
      this.#tell(live);
    } catch (error) {
      this.#options.log(`transfer ${live.entry.id} waits: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #dropSpool(live: LiveTransfer): Promise<void> {
    live.spool = undefined;
    if (live.entry.way !== "direct") await this.#options.spools.remove(live.entry.id);
  }

  /** Begin what may begin: what waits for a far side that does not answer keeps no other from its turn. */
  #fill(): void {
    if (this.#isClosed || this.#held > 0 || !this.#schedule.isOpen) return;
    const silent = new Set(this.#queue.filter(({ isOffline }) => isOffline).map(({ entry }) => serverOf(entry.to)));
    let running = this.#queue.filter(
      ({ run, isUnfed, isOffline }) => run !== undefined && !isUnfed && !isOffline,
    ).length;
    for (const live of this.#queue) {
      if (running >= this.#settings.atOnce) return;
      const isSpooling = live.entry.way !== "direct" && live.spool === undefined;
      if (live.entry.state !== "go" || live.run !== undefined || live.isIdle || isSpooling) continue;
      // One that asks is enough.
      if (silent.has(serverOf(live.entry.to))) continue;
      this.#start(live);
      running += 1;
    }
  }

  #start(live: LiveTransfer): void {
    const controller = new AbortController();
    const { openStore, log } = this.#options;
    const over = runLive(live, {
      openStore,
      log,
      throttled: this.#throttled,
      signal: controller.signal,
      save: (change) => this.#save(live, change),
      tell: () => this.#tell(live),
      onReach: () => this.#fill(),
      dropSpool: () => this.#dropSpool(live),
    }).finally(() => {
      live.run = undefined;
      this.#tell(live);
      this.#fill();
    });
    live.run = { stop: () => controller.abort(new DOMException("The transfer is stopped", "AbortError")), over };
    log(`transfer ${live.entry.id} begins`);
    this.#tell(live);
  }

  async #stop(live: LiveTransfer): Promise<void> {
    live.run?.stop();
    await live.run?.over;
  }

  /** Free what the far side has of a cancelled transfer; when that cannot be reached, the next start tries again. */
  #abandon(live: LiveTransfer): void {
    const { id, upload } = live.entry;
    this.#farewells.say(live.entry, (gone) => {
      if (!gone) this.#options.log(`transfer ${id} could not be forgotten at the far side`);
      else if (!this.#queue.includes(live)) this.#late.write(id, () => this.#table.remove(id));
      else if (live.entry.upload === upload) this.#ifRoom(() => this.#save(live, { upload: undefined }));
    });
  }

  /** Try anew to free what a removed transfer left at a far side that did not answer then. */
  #forget(entry: TransferEntry): void {
    const { id, removed = 0 } = entry;
    if (Date.now() - removed > longestFarewellMs) {
      this.#table.remove(id);
      return;
    }
    this.#farewells.say(entry, (gone) => {
      if (gone) this.#late.write(id, () => this.#table.remove(id));
    });
  }

  /** Begin or end with the hours of the schedule. */
  #hoursChanged(): void {
    if (!this.#schedule.isOpen) for (const { run } of this.#queue) run?.stop();
    this.#fill();
    for (const live of this.#queue) this.#tell(live);
  }

  #save(live: LiveTransfer, change: Partial<TransferEntry>): void {
    const entry = { ...live.entry, ...change };
    if (this.#queue.includes(live)) this.#table.save(entry);
    live.entry = entry;
    this.#tell(live);
  }

  /** Write down what is found out again when it is forgotten. */
  #ifRoom(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!isDiskRefusal(error)) throw error;
    }
  }

  #tell(live: LiveTransfer): void {
    if (this.#listeners.size === 0) return;
    const event: TransferEvent = { kind: "changed", transfer: live.view };
    for (const listener of this.#listeners) listener(event);
  }

  #find(id: string): LiveTransfer | undefined {
    return this.#queue.find(({ entry }) => entry.id === id);
  }

  #mustFind(id: string): LiveTransfer {
    const live = this.#find(id);
    if (live === undefined) throw new TransferError("not-found", `Cannot find the transfer "${id}": there is none`);
    return live;
  }
}
