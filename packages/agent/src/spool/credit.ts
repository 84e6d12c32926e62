/** How far a feeder may go: room is taken for whole segments before credit is given for them. */

import { MiB } from "@naru/core";
import type { Room } from "./room.ts";
import type { SegmentTable } from "./segment-table.ts";

/** So far may a feeder be ahead of what is durable. */
const mostAhead = 32 * MiB;

export interface CreditOptions {
  readonly room: Room;
  readonly table: SegmentTable;
  readonly segmentSize: number;
  /** There may be more room. */
  readonly onRoom: () => void;
}

/** The credit of one spool, and the room that it holds. */
export class Credit {
  readonly #options: CreditOptions;
  /** Segments to come that room is taken for. */
  readonly #granted = new Set<number>();
  #next: number;
  #promised = 0;
  #held = 0;
  #least: number;

  constructor(options: CreditOptions) {
    this.#options = options;
    this.#least = options.segmentSize;
    this.#next = options.table.firstMissing;
  }

  /** Bytes of the disk that are used or promised. */
  get held(): number {
    return this.#held;
  }

  /** No byte at or after this offset has ever been asked for. */
  get promised(): number {
    return this.#promised;
  }

  /** Credit from what is durable on. */
  get bytes(): number {
    const { table } = this.#options;
    const last = table.part(Math.min(this.#next, table.count));
    const end = this.#next > table.count ? last.offset + last.size : last.offset;
    return Math.max(0, end - table.durable);
  }

  /** A body of this size is read at once: so much is kept whatever the limit says, or nothing would move. */
  needs(bytes: number): void {
    this.#least = Math.max(this.#least, bytes);
  }

  /** Count a segment that is on the disk from before. */
  keep(bytes: number): void {
    this.#options.room.force(bytes);
    this.#options.room.wrote(bytes);
    this.#held += bytes;
  }

  /** Give credit for as many segments as there is room for; tell whether there is more than before. */
  extend(): boolean {
    const { table, room, segmentSize, onRoom } = this.#options;
    const before = this.#next;
    for (; this.#next <= table.count; this.#next++) {
      const { offset, size, number } = table.part(this.#next);
      if (offset >= table.durable + Math.max(mostAhead, 2 * segmentSize)) break;
      if (table.get(number) === undefined && !this.#take(number, size)) {
        room.whenMore(onRoom);
        break;
      }
      this.#promised = Math.max(this.#promised, offset + size);
    }
    return this.#next !== before;
  }

  /** Note that a segment is on the disk. */
  cameIn(number: number): void {
    if (!this.#granted.delete(number)) return;
    this.#options.room.wrote(this.#options.table.part(number).size);
  }

  /** Note that a segment has left the disk. */
  gone(number: number): void {
    const { size } = this.#options.table.part(number);
    this.#held -= size;
    this.#options.room.give(size);
  }

  /** Take back what was promised and has not come; credit begins anew at what is durable. */
  rewind(): void {
    let unwritten = 0;
    for (const number of this.#granted) unwritten += this.#options.table.part(number).size;
    this.#granted.clear();
    this.#held -= unwritten;
    this.#next = this.#options.table.firstMissing;
    this.#options.room.give(unwritten, unwritten);
  }

  /** Leave the room to others. */
  close(): void {
    const { room, onRoom } = this.#options;
    room.forget(onRoom);
    this.rewind();
    room.give(this.#held);
    this.#held = 0;
  }

  #take(number: number, size: number): boolean {
    const { room } = this.#options;
    if (!room.take(size)) {
      if (this.#held + size > this.#least) return false;
      room.force(size);
    }
    this.#granted.add(number);
    this.#held += size;
    return true;
  }
}
