/** Which segments of one file are here, were here, or are still to come; the journal says the same. */

import { type ByteRange, countParts, type Part, type PartDigest, partAt, TransferError } from "@naru/core";
import { isDiskRefusal } from "../full-disk.ts";
import type { AgentJournal } from "../journal.ts";

/** `durable`: on this disk. `released`: at the far side, deleted here. Without an entry: to come. */
export interface Segment {
  readonly state: "durable" | "released";
  readonly digest: PartDigest;
}

export interface SegmentTableOptions {
  readonly journal: AgentJournal;
  /** The transfer's id. */
  readonly id: string;
  readonly size: number;
  readonly segmentSize: number;
}

/** The segments of one file, by part number. */
export class SegmentTable {
  readonly count: number;
  readonly #options: SegmentTableOptions;
  readonly #segments = new Map<number, Segment>();
  #firstMissing = 1;
  #missingBytes: number;

  /** Read what the journal knows. */
  constructor(options: SegmentTableOptions) {
    this.#options = options;
    this.#missingBytes = options.size;
    this.count = countParts(options.size, options.segmentSize);
    const sql = "SELECT number, state, md5, crc64 FROM segments WHERE transfer = ?";
    for (const { number, state, md5, crc64 } of options.journal.all(sql, options.id)) {
      const digest = { md5: String(md5), crc64: String(crc64) };
      this.#missingBytes -= this.part(Number(number)).size;
      this.#segments.set(Number(number), { state: state === "durable" ? "durable" : "released", digest });
    }
    this.#advance();
  }

  get entries(): Iterable<[number, Segment]> {
    return this.#segments;
  }

  /** The number of the first segment to come; `count + 1` when none is. */
  get firstMissing(): number {
    return this.#firstMissing;
  }

  /** Bytes that are still to come. */
  get missingBytes(): number {
    return this.#missingBytes;
  }

  /** Every byte before this offset has come. */
  get durable(): number {
    return this.#firstMissing > this.count ? this.#options.size : this.part(this.#firstMissing).offset;
  }

  get(number: number): Segment | undefined {
    return this.#segments.get(number);
  }

  part(number: number): Part {
    const part = partAt(this.#options.size, this.#options.segmentSize, number);
    if (part === undefined) throw new TransferError("internal", `Cannot find the segment "${number}": no such segment`);
    return part;
  }

  /** The segment that holds the byte at `offset`. */
  at(offset: number): Part {
    return this.part(Math.floor(offset / this.#options.segmentSize) + 1);
  }

  /** What is still to come, in order. */
  missing(): readonly ByteRange[] {
    const ranges: { start: number; end: number }[] = [];
    for (let number = this.#firstMissing; number <= this.count; number++) {
      if (this.#segments.has(number)) continue;
      const { offset, size } = this.part(number);
      const last = ranges.at(-1);
      if (last?.end === offset) last.end += size;
      else ranges.push({ start: offset, end: offset + size });
    }
    return ranges;
  }

  /** Note a segment that is on disk; the journal has it when this returns. */
  cameIn(number: number, digest: PartDigest): void {
    const { journal, id } = this.#options;
    const sql = "INSERT OR REPLACE INTO segments (transfer, number, state, md5, crc64) VALUES (?, ?, 'durable', ?, ?)";
    journal.run(sql, id, number, digest.md5, digest.crc64);
    if (!this.#segments.has(number)) this.#missingBytes -= this.part(number).size;
    this.#segments.set(number, { state: "durable", digest });
    this.#advance();
  }

  /** Note that the far side has it. Losing this note costs nothing: the far side tells again. */
  wentOut(number: number): void {
    const segment = this.#segments.get(number);
    if (segment === undefined) return;
    const { journal, id } = this.#options;
    journal.runLazily("UPDATE segments SET state = 'released' WHERE transfer = ? AND number = ?", id, number);
    this.#segments.set(number, { ...segment, state: "released" });
  }

  /** Note that it must come again. A full disk may lose this note: the next start finds again what is not there. */
  lost(number: number): void {
    const { journal, id } = this.#options;
    try {
      journal.run("DELETE FROM segments WHERE transfer = ? AND number = ?", id, number);
    } catch (error) {
      if (!isDiskRefusal(error)) throw error;
    }
    if (this.#segments.delete(number)) this.#missingBytes += this.part(number).size;
    this.#firstMissing = Math.min(this.#firstMissing, number);
  }

  #advance(): void {
    while (this.#firstMissing <= this.count && this.#segments.has(this.#firstMissing)) this.#firstMissing += 1;
  }
}
