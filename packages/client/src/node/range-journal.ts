/** What of a file is already on this disk: beside `NAME.naru-part` lies `NAME.naru-part.json`. */

import { rm } from "node:fs/promises";
import type { WireFile } from "@naru/core";
import { readJson, writeJson } from "./file-journal.ts";

/** The CRC-64 of every range that is whole on disk, by its index. */
export class RangeJournal {
  readonly ranges: Map<number, string>;
  /** True when something was there, but of another state of the remote file. */
  readonly stale: boolean;
  readonly #file: string;
  readonly #head: { readonly etag: string; readonly size: number; readonly rangeSize: number };
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, head: RangeJournal["head"], found: unknown) {
    this.#file = file;
    this.#head = head;
    const ranges = decodeRanges(found, head);
    this.ranges = ranges ?? new Map();
    this.stale = found !== undefined && ranges === undefined;
  }

  get head(): { readonly etag: string; readonly size: number; readonly rangeSize: number } {
    return this.#head;
  }

  static async open(file: string, { etag, size }: WireFile, rangeSize: number): Promise<RangeJournal> {
    return new RangeJournal(file, { etag, size, rangeSize }, await readJson(file));
  }

  /** Note a range, after its bytes are written. */
  async add(index: number, crc64: string): Promise<void> {
    this.ranges.set(index, crc64);
    this.#writing = this.#writing.then(() => writeJson(this.#file, { ...this.#head, ranges: [...this.ranges] }));
    await this.#writing;
  }

  async remove(): Promise<void> {
    await this.#writing;
    await rm(this.#file, { force: true });
  }
}

function decodeRanges(value: unknown, head: RangeJournal["head"]): Map<number, string> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("etag" in value && "size" in value && "rangeSize" in value && "ranges" in value)) return undefined;
  if (value.etag !== head.etag || value.size !== head.size || value.rangeSize !== head.rangeSize) return undefined;
  if (!Array.isArray(value.ranges)) return undefined;
  const ranges = new Map<number, string>();
  for (const pair of value.ranges) {
    if (!Array.isArray(pair)) return undefined;
    const [index, crc64]: unknown[] = pair;
    if (typeof index !== "number" || typeof crc64 !== "string") return undefined;
    ranges.set(index, crc64);
  }
  return ranges;
}
