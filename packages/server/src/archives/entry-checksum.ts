import { crc32 } from "node:zlib";
import { type ByteRange, combineCrc32 } from "@naru/core";

interface Run extends ByteRange {
  crc32: number;
  end: number;
}

/** The CRC-32 of one file, put together from the runs of it that were read, in whatever order. */
export class EntryChecksum {
  readonly #size: number;
  /** In order, none touching the next. */
  readonly #runs: Run[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Of the whole file, once all of it was read. */
  get whole(): number | undefined {
    const [first] = this.#runs;
    return first?.start === 0 && first.end === this.#size ? first.crc32 : undefined;
  }

  /** The first range that was not read yet. */
  get missing(): ByteRange | undefined {
    if (this.whole !== undefined) return undefined;
    const [first, second] = this.#runs;
    if (first === undefined || first.start > 0) return { start: 0, end: first?.start ?? this.#size };
    return { start: first.end, end: second?.start ?? this.#size };
  }

  /** Take in bytes that were read at `start`; what is known already is passed over. */
  add(start: number, bytes: Uint8Array): void {
    const before = this.#runs.findLastIndex((run) => run.start <= start);
    const run = this.#runs[before];
    const from = Math.max(start, run?.end ?? 0);
    const next = this.#runs[before + 1];
    const end = Math.min(start + bytes.length, next?.start ?? this.#size);
    if (from < end) {
      const added = bytes.subarray(from - start, end - start);
      if (run?.end === from) {
        run.crc32 = crc32(added, run.crc32);
        run.end = end;
      } else this.#runs.splice(before + 1, 0, { start: from, end, crc32: crc32(added) });
      this.#join();
    }
    // What lies behind the next run may be new again.
    if (next && start + bytes.length > next.end) this.add(next.end, bytes.subarray(next.end - start));
  }

  #join(): void {
    for (let i = this.#runs.length - 1; i > 0; i--) {
      const [one, other] = [this.#runs[i - 1], this.#runs[i]];
      if (!one || !other || one.end !== other.start) continue;
      one.crc32 = combineCrc32(one.crc32, other.crc32, other.end - other.start);
      one.end = other.end;
      this.#runs.splice(i, 1);
    }
  }
}
