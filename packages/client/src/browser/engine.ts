/**
 * All transfers of one tab: the rows, the journal, the other tabs, and what is sent. It runs in a worker; the page only
 * posts verbs and shows ticks.
 *
 * @module
 */

import { TransferError, type WakeOptions } from "@naru/core";
import { NaruApi } from "../api.ts";
import { systemClock } from "../clock.ts";
import { AddedFiles } from "./added-files.ts";
import { whenAwake } from "./awake.ts";
import { Bandwidth } from "./bandwidth.ts";
import { type ChosenFileContext, giveFile } from "./chosen-file.ts";
import { DownloadLoader } from "./download-loader.ts";
import { handOverFile } from "./hand-over-file.ts";
import { HandOvers } from "./hand-overs.ts";
import { Hasher } from "./hasher.ts";
import { HistoryNotes } from "./history-notes.ts";
import { Journal } from "./idb-journal.ts";
import { ManyRows } from "./many-rows.ts";
import { recoveredRow } from "./recovery.ts";
import { plainError, type Row } from "./row.ts";
import { RowJournal } from "./row-journal.ts";
import { RowStore } from "./row-store.ts";
import { SendQueue } from "./send-queue.ts";
import { SendingTabs } from "./sending-tabs.ts";
import { ServerRows } from "./server-rows.ts";
import { type TabListener, Tabs } from "./tab-locks.ts";
import type { HandedOver, Incoming, TransferRow } from "./transfers.ts";
import { type Call, type FromWorker, isForMany, type PostedError } from "./worker-messages.ts";

/** A page takes as long to draw its first row as the first byte takes to leave; a delay of this length nobody sees. */
const restMs = 100;

export interface EngineOptions {
  readonly origin: string;
  readonly user: string;
  /** Bytes per second. */
  readonly limit?: number | undefined;
}

/** The engine's worker, as an object. */
export class Engine implements TabListener {
  readonly #post: (message: FromWorker) => void;
  readonly #api: NaruApi;
  readonly #hashes = new Hasher();
  readonly #journal: RowJournal;
  readonly #tabs: Tabs;
  readonly #rowStore: RowStore;
  readonly #server: ServerRows;
  readonly #sending: SendQueue;
  readonly #handOvers: HandOvers;
  readonly #added: AddedFiles;
  readonly #many: ManyRows;
  readonly #sendingTabs = new SendingTabs();
  readonly #bandwidth = new Bandwidth({ clock: systemClock, tabs: () => 1 + this.#sendingTabs.count });
  readonly #downloads: DownloadLoader;
  #listed: Promise<void> = Promise.resolve();
  #tellAll = false;

  private constructor({ origin, user, limit }: EngineOptions, journal: Journal, post: (message: FromWorker) => void) {
    this.#post = post;
    this.#api = new NaruApi({ origin });
    this.#bandwidth.setLimit(limit);
    this.#tabs = new Tabs(user, this);
    const notes = new HistoryNotes(user);
    this.#rowStore = new RowStore({
      restMs,
      onWhole: (row, file) => notes.add(row, file),
      onTick: (tick, mine) => {
        post({ kind: "tick", tick });
        this.#tellTabs(mine, tick.removed);
      },
    });
    this.#journal = new RowJournal(journal, () => ({ user, tab: this.#tabs.id }));
    const shared = { api: this.#api, rowStore: this.#rowStore, journal: this.#journal, hashes: this.#hashes };
    this.#server = new ServerRows(shared);
    this.#handOvers = new HandOvers(shared);
    this.#sending = new SendQueue({ ...shared, handOvers: this.#handOvers, bandwidth: this.#bandwidth });
    const own = { user, tab: this.#tabs.id, lane: this.#sending.lane, post };
    this.#downloads = new DownloadLoader({ ...shared, ...own, bytesPerSecond: () => this.#bandwidth.share });
    this.#added = new AddedFiles({ ...shared, files: this.#files, enqueue: (row) => this.#sending.enqueue(row) });
    this.#many = new ManyRows({
      ...shared,
      sending: this.#sending,
      downloads: this.#downloads,
      call: (row, verb) => this.#callRow(row, { verb, key: row.key }),
    });
  }

  get #files(): ChosenFileContext {
    return { api: this.#api, hashes: this.#hashes };
  }

  /** Open the journal, take over what dead tabs left, and begin. */
  static async open(options: EngineOptions, post: (message: FromWorker) => void): Promise<Engine> {
    const journal = await Journal.open(options.user);
    const engine = new Engine(options, journal, post);
    await engine.#begin();
    return engine;
  }

  async #begin(): Promise<void> {
    await this.#tabs.open();
    const owners = new Set((await this.#journal.all()).map(({ owner }) => owner));
    for (const owner of await this.#downloads.owners()) owners.add(owner);
    await Promise.all([...owners].map((owner) => this.#tabs.watch(owner)));
    // The list from the server comes when it comes; what is here can go on meanwhile.
    this.#listed = this.#server.merge().catch(() => undefined);
    this.#sending.kick();
    whenAwake((options) => this.#wake(options));
  }

  /** Do a verb, here or in the tab that owns the row. */
  async call(call: Call): Promise<void> {
    if ("key" in call) {
      const mirrored = this.#rowStore.mirrored.get(call.key);
      if (mirrored) return this.#tabs.ask(mirrored.from, call);
      const row = this.#rowStore.own.get(call.key);
      // What is gone from the list needs nothing more.
      return row ? this.#callRow(row, call) : undefined;
    }
    if (call.verb === "add") return this.#added.add(call);
    if (call.verb === "download") return this.#downloads.add(call);
    if (call.verb === "allFound") {
      this.#added.allFound(call.drop);
      return this.#journal.allFound(call.drop);
    }
    if (call.verb === "wake") return this.#wake();
    if (call.verb === "listed") return this.#listed.then(() => this.#rowStore.flush());
    if (call.verb === "limit") return this.#bandwidth.setLimit(call.bytesPerSecond);
    const others = new Set([...this.#rowStore.mirrored.values()].map(({ from }) => from));
    for (const tab of others) void this.#tabs.ask(tab, call).catch(() => undefined);
    return this.#many.call(call);
  }

  /** Give files to rows of this tab that wait for theirs: how many took one. */
  chooseAll(files: readonly Incoming[]): Promise<number> {
    return this.#added.chooseAll(files);
  }

  /** Stop a row of this tab and give its file. @throws {TransferError} `not-found`, `file-changed` */
  handOverFile(key: string): Promise<HandedOver> {
    return handOverFile(this.#rowStore.own.get(key), this.#rowStore);
  }

  /** Let the agent take a row of this tab over: its upload's id. @throws {TransferError} `not-found` */
  async handOverUpload(key: string): Promise<string | undefined> {
    const row = this.#rowStore.own.get(key);
    if (row) return this.#handOvers.handOverUpload(row);
    throw new TransferError("not-found", "Cannot find the transfer in this tab");
  }

  async #callRow(row: Row, call: Extract<Call, { key: string }>): Promise<void> {
    // Trying now what waits for the line tries all of them, on new connections.
    if (call.verb === "retry" && row.state === "offline") return this.#wake({ reconnect: true });
    if (row.direction === "down") return this.#downloads.call(row, call.verb);
    if (call.verb === "choose") return this.#choose(row, call.chosen);
    if (call.verb === "cancel") return this.#cancel(row);
    if (call.verb === "pause") return this.#pause(row);
    if (call.verb === "takeBack") return this.#takeBack(row);
    if (call.verb === "release") {
      this.#rowStore.remove(row.key);
      return this.#journal.forget([row]);
    }
    return this.#resume(row);
  }

  async #takeBack(row: Row): Promise<void> {
    if (!row.elsewhere) return;
    this.#handOvers.takeBack(row);
    if (row.file || row.handle) this.#sending.enqueue(row);
    else row.rest("needs-file", { needs: "file" });
    this.#rowStore.changed(row);
    await this.#journal.keep([row]);
  }

  /** Give a row its file, if it is the right one. */
  async #choose(row: Row, { file, handle }: Incoming): Promise<void> {
    if ((row.state !== "needs-file" && row.state !== "failed") || row.needs === "sender") return;
    await giveFile(row, { file, handle }, this.#files);
    await this.#journal.keep([row]);
    this.#sending.enqueue(row);
  }

  #pause(row: Row): void {
    if (row.running) row.running.pause();
    else if (row.state === "waiting" || row.state === "checking") {
      row.rest("paused");
      this.#rowStore.changed(row);
    }
    this.#sending.kick();
  }

  /** Resume or retry from wherever it stopped. */
  async #resume(row: Row): Promise<void> {
    if (row.running) return row.running.resume();
    if (row.state === "needs-file") {
      if (!row.handle || row.needs !== "permission") return;
      const again = await recoveredRow(this.#journal.entryOf(row));
      if (again.state === "needs-file") return;
    } else if (row.state !== "paused" && row.state !== "failed") return;
    if (row.file || row.handle) this.#sending.enqueue(row);
    else row.rest("needs-file", { needs: "file" });
    this.#rowStore.changed(row);
    if (!row.kept) await this.#journal.keep([row]);
  }

  async #cancel(row: Row): Promise<void> {
    if (row.state === "done" || row.state === "cancelled") return;
    const { running, id } = row;
    if (running) await running.cancel();
    else if (id !== undefined) await this.#api.abort(id);
    row.rest("cancelled");
    this.#rowStore.changed(row);
    await this.#journal.forget([row]);
    this.#sending.kick();
  }

  #wake(options: WakeOptions = {}): void {
    this.#sending.wake(options);
    this.#downloads.wake(options);
  }

  #tellTabs(mine: readonly TransferRow[], removed: readonly string[]): void {
    const rows = this.#tellAll ? [...this.#rowStore.own.values()].map((row) => row.view()) : mine;
    this.#tellAll = false;
    this.#tabs.tellRows(
      rows.filter(({ key }) => this.#rowStore.own.get(key)?.kept),
      removed,
    );
  }

  onHello(): void {
    this.#tellAll = true;
    const [first] = this.#rowStore.own.values();
    if (first) this.#rowStore.changed(first);
  }

  onRows(from: string, rows: readonly TransferRow[], removed: readonly string[]): void {
    this.#sendingTabs.note(from, rows);
    this.#rowStore.mirror(from, rows, removed);
  }

  async onVerb(call: Call): Promise<PostedError | undefined> {
    const isOwn = !("key" in call) || this.#rowStore.own.has(call.key);
    if (!isOwn) return { code: "not-found", message: "Cannot find the transfer in this tab" };
    try {
      if ("key" in call) await this.call(call);
      else if (isForMany(call)) await this.#many.call(call);
      return undefined;
    } catch (error) {
      return plainError(error);
    }
  }

  async onGone(tab: string): Promise<void> {
    const entries = await this.#journal.adopt(tab);
    this.#rowStore.forget(tab);
    await this.#downloads.adopt(tab);
    const rows = await Promise.all(entries.map(recoveredRow));
    const back = await this.#journal.take(rows);
    for (const row of back) {
      if (row.id !== undefined) this.#rowStore.remove(`upload:${row.id}`);
      this.#rowStore.add(row);
      if (row.state === "waiting") this.#sending.enqueue(row);
      if (row.needs === "permission" && row.handle) {
        this.#post({ kind: "handle", key: row.key, handle: row.handle });
      }
    }
    if (back.length === 0) return;
    // What the server holds of them shows when it comes.
    void this.#server.merge().catch(() => undefined);
    void this.#server.findArrived(back);
  }
}
