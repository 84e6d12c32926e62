/** What of a spool the far side has: those segments are deleted, and fed again if the far side loses them. */

import type { Part } from "@naru/core";
import { isDiskRefusal } from "../full-disk.ts";
import { Ranges } from "./ranges.ts";
import type { Room } from "./room.ts";
import type { SegmentTable } from "./segment-table.ts";

export interface SentSegmentsOptions {
  readonly table: SegmentTable;
  readonly room: Room;
  /** Delete the file of a segment that the journal knows as sent. */
  readonly discard: (number: number) => Promise<void>;
}

/** The far side's share of a file. */
export class SentSegments {
  readonly #options: SentSegmentsOptions;
  readonly #confirmed = new Ranges();
  /** Fails only as the disk does, which is waited out. */
  readonly #releaseLater = (): void => void this.#releaseAll().catch(() => undefined);
  #closed = false;

  constructor(options: SentSegmentsOptions) {
    this.#options = options;
  }

  /** The far side holds this part: what it covers is deleted. */
  async confirm({ offset, size }: Part, fileSize: number): Promise<void> {
    const { table } = this.#options;
    this.#confirmed.add({ start: offset, end: offset + size });
    const end = Math.min(offset + size, fileSize);
    if (end <= offset) return;
    const last = table.at(end - 1).number;
    for (let number = table.at(offset).number; number <= last; number++) await this.release(number);
  }

  /** The far side holds these parts and no others: give the numbers of what was deleted for others. */
  async settle(parts: readonly Part[]): Promise<readonly number[]> {
    this.#confirmed.clear();
    for (const { offset, size } of parts) this.#confirmed.add({ start: offset, end: offset + size });
    const lost: number[] = [];
    for (const [number, { state }] of this.#options.table.entries) {
      if (state === "released" && !this.#isConfirmed(number)) lost.push(number);
    }
    await this.#releaseAll();
    return lost;
  }

  /** Delete a segment if the far side has it; it stays as long as the journal cannot be told. */
  async release(number: number): Promise<void> {
    const { table, room, discard } = this.#options;
    if (this.#closed || table.get(number)?.state !== "durable" || !this.#isConfirmed(number)) return;
    try {
      table.wentOut(number);
    } catch (error) {
      if (!isDiskRefusal(error)) throw error;
      return room.whenMore(this.#releaseLater);
    }
    await discard(number);
  }

  /** Delete nothing any more. */
  close(): void {
    this.#closed = true;
    this.#options.room.forget(this.#releaseLater);
  }

  async #releaseAll(): Promise<void> {
    for (const [number] of [...this.#options.table.entries]) await this.release(number);
  }

  #isConfirmed(number: number): boolean {
    const { offset, size } = this.#options.table.part(number);
    return this.#confirmed.covers({ start: offset, end: offset + size });
  }
}
