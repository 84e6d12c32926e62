/**
 * All transfers of one tab: the rows, the journal, the other tabs, and what is sent. It runs in a worker; the page only
 * posts verbs and shows ticks.
 *
 * @module
 */

import { TransferError } from "@naru/core";
import { NaruApi } from "../api.ts";
import { checkFacts, checkStoredPart } from "../verify-file.ts";
import { Hasher } from "./hasher.ts";
import { Journal } from "./idb-journal.ts";
import { lend } from "./lend.ts";
import { Offers } from "./offers.ts";
import { entryOf, recoveredRow, serverRow } from "./recovery.ts";
import { plainError, Row } from "./row.ts";
import { RowBook } from "./row-book.ts";
import { SendQueue } from "./send-queue.ts";
import { randomId, type TabEars, Tabs } from "./tab-locks.ts";
import type { Incoming, Lent, TransferRow } from "./transfers.ts";
import type { Call, FromWorker, PostedError } from "./worker-messages.ts";

const beatMs = 2000;
/** A beat that comes this late means that the computer slept. */
const sleptMs = 10_000;

export interface EngineOptions {
  readonly origin: string;
  readonly user: string;
}

/** The engine's worker, as an object. */
export class Engine implements TabEars {
  readonly #user: string;
  readonly #post: (message: FromWorker) => void;
  readonly #api: NaruApi;
  readonly #hashes = new Hasher();
  readonly #journal: Journal;
  readonly #tabs: Tabs;
  readonly #book: RowBook;
  readonly #sending: SendQueue;
  readonly #offers: Offers;
  #tellAll = false;

  private constructor({ origin, user }: EngineOptions, journal: Journal, post: (message: FromWorker) => void) {
    this.#user = user;
    this.#post = post;
    this.#journal = journal;
    this.#api = new NaruApi({ origin });
    this.#tabs = new Tabs(user, this);
    this.#book = new RowBook({
      onTick: (tick, mine) => {
        post({ kind: "tick", tick });
        this.#tellTabs(mine, tick.removed);
      },
    });
    const onEnded = (rows: readonly Row[]): void => void this.#journal.remove(rows.map(({ key }) => key));
    this.#offers = new Offers({
      ...{ api: this.#api, book: this.#book, keep: (row) => this.#keep([row]) },
      enqueue: (row) => this.#sending.enqueue(row),
      onTaken: (row) => {
        onEnded([row]);
        this.#sending.kick();
      },
      onEnded: (row) => onEnded([row]),
    });
    this.#sending = new SendQueue({
      ...{ api: this.#api, hashes: this.#hashes, book: this.#book, offers: this.#offers, onEnded },
      onCreated: (row) => this.#keep([row]),
    });
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
    await Promise.all([...owners].map((owner) => this.#tabs.watch(owner)));
    // The list from the server comes when it comes; what is here can go on meanwhile.
    void this.#mergeServer().catch(() => undefined);
    this.#sending.kick();
    let last = Date.now();
    setInterval(() => {
      const now = Date.now();
      if (now - last > sleptMs) this.#wake();
      last = now;
    }, beatMs);
    self.addEventListener("online", () => this.#wake());
  }

  /** Do a verb, here or in the tab that owns the row. */
  async call(call: Call): Promise<void> {
    if ("key" in call) {
      const mirrored = this.#book.mirrored.get(call.key);
      if (mirrored) return this.#tabs.ask(mirrored.from, call);
      const row = this.#book.own.get(call.key);
      // What is gone from the list needs nothing more.
      return row ? this.#callRow(row, call) : undefined;
    }
    if (call.verb === "add") return this.#add(call.files, call.to);
    if (call.verb === "wake") return this.#wake();
    const others = new Set([...this.#book.mirrored.values()].map(({ from }) => from));
    for (const tab of others) void this.#tabs.ask(tab, call).catch(() => undefined);
    this.#callAll(call.verb);
  }

  /** Stop a row of this tab and give its file. @throws {TransferError} `not-found`, `file-changed` */
  lend(key: string): Promise<Lent> {
    return lend(this.#book.own.get(key), this.#book);
  }

  /** Let the agent take a row of this tab over: its upload's id. @throws {TransferError} `not-found` */
  async offer(key: string): Promise<string | undefined> {
    const row = this.#book.own.get(key);
    if (row) return this.#offers.offer(row);
    throw new TransferError("not-found", "Cannot find the transfer in this tab");
  }

  async #callRow(row: Row, call: Extract<Call, { key: string }>): Promise<void> {
    if (call.verb === "choose") return this.#choose(row, call.chosen);
    if (call.verb === "cancel") return this.#cancel(row);
    if (call.verb === "pause") return this.#pause(row);
    if (call.verb === "takeBack") return this.#takeBack(row);
    if (call.verb === "letGo") {
      this.#book.remove(row.key);
      return this.#journal.remove([row.key]);
    }
    return this.#goOn(row);
  }

  async #takeBack(row: Row): Promise<void> {
    if (!row.elsewhere) return;
    this.#offers.takeBack(row);
    if (row.file || row.handle) this.#sending.enqueue(row);
    else row.rest("needs-file", { needs: "file" });
    this.#book.changed(row);
    await this.#keep([row]);
  }

  #callAll(verb: "pauseAll" | "resumeAll" | "clear"): void {
    for (const row of [...this.#book.own.values()]) {
      if (verb === "pauseAll") this.#pause(row);
      else if (verb === "resumeAll") {
        // What cannot go on shows it in its row.
        if (row.state === "paused") void this.#goOn(row).catch(() => undefined);
      } else if (row.state === "done" || row.state === "cancelled") this.#book.remove(row.key);
    }
  }

  async #add(files: readonly Incoming[], to: string): Promise<void> {
    const wanted = new Map<string, Row>();
    for (const row of this.#book.own.values()) {
      if (row.state === "needs-file" && row.needs !== "sender") wanted.set(`${row.path}\n${row.size}`, row);
    }
    const fresh: Row[] = [];
    for (const incoming of files) {
      const { file, handle, upload } = incoming;
      const path = (to + incoming.path).normalize("NFC");
      const known = [...wanted.values()].find(({ id }) => upload !== undefined && id === upload);
      const match = known ?? wanted.get(`${path}\n${file.size}`);
      if (match && (await this.#chosen(match, incoming))) continue;
      const { name, size, lastModified, type } = file;
      const created = Date.now() + fresh.length / files.length;
      const entry = { path, name, size, lastModified, created, handle, uploadId: upload };
      const row = new Row({ ...entry, key: randomId(), type: type === "" ? undefined : type });
      row.file = file;
      fresh.push(row);
    }
    await this.#keep(fresh);
    for (const row of fresh) {
      this.#book.add(row);
      this.#sending.enqueue(row);
    }
  }

  async #chosen(row: Row, incoming: Incoming): Promise<boolean> {
    return this.#choose(row, incoming).then(
      () => true,
      () => false,
    );
  }

  /** Give a row its file, if it is the right one. */
  async #choose(row: Row, { file, handle }: Incoming): Promise<void> {
    if ((row.state !== "needs-file" && row.state !== "failed") || row.needs === "sender") return;
    checkFacts(row, file);
    if (row.id !== undefined) await this.#checkContent(row, row.id, file);
    row.verified = true;
    row.file = file;
    row.handle = handle;
    row.lastModified = file.lastModified;
    await this.#keep([row]);
    this.#sending.enqueue(row);
  }

  async #checkContent(row: Row, id: string, file: File): Promise<void> {
    try {
      const upload = await this.#api.get(id);
      row.applyServer(upload);
      await checkStoredPart(row, file, upload, (body) => this.#hashes.digest(body));
    } catch (error) {
      // An upload that is gone begins anew.
      if (!(error instanceof TransferError && error.code === "not-found")) throw error;
    }
  }

  #pause(row: Row): void {
    if (row.running) row.running.pause();
    else if (row.state === "waiting" || row.state === "checking") {
      row.rest("paused");
      this.#book.changed(row);
    }
    this.#sending.kick();
  }

  /** Resume, retry: go on from wherever it stopped. */
  async #goOn(row: Row): Promise<void> {
    if (row.running) {
      row.running.resume();
      return;
    }
    if (row.state === "needs-file") {
      if (!row.handle || row.needs !== "permission") return;
      const again = await recoveredRow(entryOf(row, this.#user, this.#tabs.id));
      if (again.state === "needs-file") return;
    } else if (row.state !== "paused" && row.state !== "failed") return;
    if (row.file || row.handle) this.#sending.enqueue(row);
    else row.rest("needs-file", { needs: "file" });
    this.#book.changed(row);
    await this.#keep([row]);
  }

  async #cancel(row: Row): Promise<void> {
    if (row.state === "done" || row.state === "cancelled") return;
    const { running, id } = row;
    if (running) await running.cancel();
    else if (id !== undefined) await this.#api.abort(id);
    row.rest("cancelled");
    this.#book.changed(row);
    await this.#journal.remove([row.key]);
    this.#sending.kick();
  }

  #wake(): void {
    this.#sending.wake();
  }

  async #keep(rows: readonly Row[]): Promise<void> {
    for (const row of rows) row.kept = true;
    await this.#journal.put(rows.map((row) => entryOf(row, this.#user, this.#tabs.id)));
  }

  /** Show what the server knows of and this browser does not. */
  async #mergeServer(): Promise<void> {
    const uploads = await this.#api.mine();
    const kept = new Set((await this.#journal.all()).map(({ uploadId }) => uploadId));
    const own = new Map([...this.#book.own.values()].map((row) => [row.id, row]));
    for (const upload of uploads) {
      const row = own.get(upload.id) ?? (upload.door ? undefined : this.#withoutId(upload.path, upload.size));
      if (row) {
        // A run that is under way knows better what is confirmed.
        if (row.running) row.expires = new Date(upload.expires);
        else row.applyServer(upload);
        this.#book.changed(row);
      } else if (!kept.has(upload.id)) this.#book.add(serverRow(upload));
    }
  }

  /** Find a row whose upload was made just before the browser was killed, so that the journal has no id of it. */
  #withoutId(path: string, size: number): Row | undefined {
    for (const row of this.#book.own.values()) {
      if (row.id === undefined && row.path === path && row.size === size && !row.ended) return row;
    }
    return undefined;
  }

  #tellTabs(mine: readonly TransferRow[], removed: readonly string[]): void {
    const rows = this.#tellAll ? [...this.#book.own.values()].map((row) => row.view()) : mine;
    this.#tellAll = false;
    this.#tabs.tellRows(
      rows.filter(({ key }) => this.#book.own.get(key)?.kept),
      removed,
    );
  }

  onHello(): void {
    this.#tellAll = true;
    const [first] = this.#book.own.values();
    if (first) this.#book.changed(first);
  }

  onRows(from: string, rows: readonly TransferRow[], removed: readonly string[]): void {
    this.#book.mirror(from, rows, removed);
  }

  async onVerb(call: Call): Promise<PostedError | undefined> {
    const isOwn = !("key" in call) || this.#book.own.has(call.key);
    if (!isOwn) return { code: "not-found", message: "Cannot find the transfer in this tab" };
    try {
      if ("key" in call) await this.call(call);
      else if (call.verb !== "add" && call.verb !== "wake") this.#callAll(call.verb);
      return undefined;
    } catch (error) {
      return plainError(error);
    }
  }

  async onGone(tab: string): Promise<void> {
    const entries = await this.#journal.adopt(tab, this.#tabs.id);
    this.#book.forget(tab);
    for (const entry of entries) {
      const row = await recoveredRow(entry);
      if (entry.uploadId !== undefined) this.#book.remove(`upload:${entry.uploadId}`);
      this.#book.add(row);
      if (row.state === "waiting") this.#sending.enqueue(row);
      if (row.needs === "permission" && row.handle) {
        this.#post({ kind: "handle", key: row.key, handle: row.handle });
      }
    }
    // What the server holds of them shows when it comes.
    if (entries.length > 0) void this.#mergeServer().catch(() => undefined);
  }
}
