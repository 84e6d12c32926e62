/** The rows of the queue, in order: each change is in the journal before it is so here, and is told to those who listen. */

import { TransferError } from "@naru/core";
import type { AgentJournal } from "../journal.ts";
import { LateWrites } from "./late-writes.ts";
import type { LiveTransfer } from "./live-transfer.ts";
import type { TransferEvent } from "./transfer-queue.ts";
import { type TransferEntry, TransferTable } from "./transfer-table.ts";

/** The queue. */
export class TransferRows {
  readonly #table: TransferTable;
  readonly #late = new LateWrites();
  readonly #listeners = new Set<(event: TransferEvent) => void>();
  #rows: readonly LiveTransfer[] = [];

  constructor(journal: AgentJournal) {
    this.#table = new TransferTable(journal);
  }

  /** All rows, in the order of the queue. */
  get all(): readonly LiveTransfer[] {
    return this.#rows;
  }

  /** Give what the journal has, removed ones too. */
  kept(): readonly TransferEntry[] {
    return this.#table.list();
  }

  /** Take rows that the journal has already. */
  restore(rows: readonly LiveTransfer[]): void {
    this.#rows = rows;
  }

  has(live: LiveTransfer): boolean {
    return this.#rows.includes(live);
  }

  find(id: string): LiveTransfer | undefined {
    return this.#rows.find(({ entry }) => entry.id === id);
  }

  /** @throws {TransferError} `not-found` */
  mustFind(id: string): LiveTransfer {
    const live = this.find(id);
    if (live === undefined) throw new TransferError("not-found", `Cannot find the transfer "${id}": no such transfer`);
    return live;
  }

  add(live: LiveTransfer): void {
    this.#table.save(live.entry);
    this.#rows = [...this.#rows, live];
  }

  /** Move a row to this place, from 0. */
  move(live: LiveTransfer, place: number): void {
    const others = this.#rows.filter((one) => one !== live);
    const rows = others.toSpliced(Math.max(0, place), 0, live);
    this.#table.order(rows.map(({ entry }) => entry.id));
    this.#rows = rows;
    this.notify(live);
  }

  save(live: LiveTransfer, change: Partial<TransferEntry>): void {
    const entry = { ...live.entry, ...change };
    if (this.has(live)) this.#table.save(entry);
    live.entry = entry;
    this.notify(live);
  }

  /** Change what no full disk may keep from changing: the journal hears of it once there is room. */
  saveLate(live: LiveTransfer, change: Partial<TransferEntry>): void {
    live.entry = { ...live.entry, ...change };
    this.#late.write(live.entry.id, () => this.#table.save(live.entry));
    this.notify(live);
  }

  /** Say that there may be room now for what the journal was not told. */
  saveNow(): void {
    this.#late.again();
  }

  /** Take a row off; its entry is kept, unseen, until the far side has forgotten its upload too. */
  remove(live: LiveTransfer): void {
    const entry = { ...live.entry, removed: Date.now() };
    if (entry.upload === undefined) this.forget(entry.id);
    else this.#late.write(entry.id, () => this.#table.save(entry));
    this.#rows = this.#rows.filter((one) => one !== live);
    for (const listener of this.#listeners) listener({ kind: "gone", transfer: live.view });
  }

  /** Forget an entry for good. */
  forget(id: string): void {
    this.#late.write(id, () => this.#table.remove(id));
  }

  notify(live: LiveTransfer): void {
    if (this.#listeners.size === 0) return;
    const event: TransferEvent = { kind: "changed", transfer: live.view };
    for (const listener of this.#listeners) listener(event);
  }

  onEvent(listener: (event: TransferEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#late.close();
    this.#listeners.clear();
  }
}
