/** Takes bytes from a feeder into segments; a disk without room makes the feeder wait. */

import { rm } from "node:fs/promises";
import { orAborted, type Part, type PartDigest, TransferError } from "@naru/core";
import { isDiskRefusal } from "../full-disk.ts";
import type { Room } from "./room.ts";
import { SegmentFile } from "./segment-file.ts";
import type { SegmentTable } from "./segment-table.ts";

export interface IntakeOptions {
  /** For messages. */
  readonly name: string;
  readonly table: SegmentTable;
  readonly room: Room;
  readonly pathOf: (number: number) => string;
  /** A segment is whole and on disk. */
  readonly onSealed: (number: number, digest: PartDigest) => Promise<void>;
  /** A whole segment did not get to the disk. */
  readonly onLost: () => void;
  /** `stalled` has changed. */
  readonly onStall: () => void;
}

interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array;
}

const neverAborted = new AbortController().signal;

/** The half-fed segments of one file. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #filling = new Map<number, SegmentFile>();
  readonly #sealing = new Set<Promise<void>>();
  /** Whether bytes on their way may leave gaps, since some were lost before them. */
  #lossy = false;
  #stalled = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Whether the disk refuses bytes. */
  get stalled(): boolean {
    return this.#stalled;
  }

  /** Take bytes that lie in the file. */
  async take({ start, bytes }: Piece, signal: AbortSignal): Promise<void> {
    const { table } = this.#options;
    for (let at = start; at < start + bytes.length; ) {
      const part = table.at(at);
      const stop = Math.min(start + bytes.length, part.offset + part.size);
      await this.#fill(part, { start: at, bytes: bytes.subarray(at - start, stop - start) }, signal);
      at = stop;
    }
  }

  /** Forget what is half fed; what is being sealed comes in yet. */
  async drop(): Promise<void> {
    await Promise.all(this.#sealing);
    const halves = [...this.#filling.values()];
    this.#filling.clear();
    this.#lossy = true;
    for (const half of halves) {
      await half.close().catch(() => undefined);
      // One that stays is written over, or deleted at the next start.
      await rm(this.#options.pathOf(half.part.number), { force: true }).catch(() => undefined);
    }
  }

  async #fill(part: Part, { start, bytes }: Piece, signal: AbortSignal): Promise<void> {
    const { table, pathOf } = this.#options;
    if (table.get(part.number) !== undefined) return;
    const segment = this.#filling.get(part.number) ?? new SegmentFile(pathOf(part.number), part);
    const known = part.offset + segment.length - start;
    if (known < 0) {
      if (this.#lossy) return;
      throw new TransferError(
        "invalid",
        `Cannot accept bytes of "${this.#options.name}" from ${start} on: they leave a gap`,
      );
    }
    if (known >= bytes.length) return;
    this.#filling.set(part.number, segment);
    for (let rest = bytes.subarray(known); rest.length > 0; ) {
      rest = rest.subarray(await this.#write(segment, rest, signal));
    }
    if (!segment.isWhole) return;
    const sealing = this.#seal(segment).finally(() => this.#sealing.delete(sealing));
    this.#sealing.add(sealing);
  }

  async #write(segment: SegmentFile, bytes: Uint8Array, signal: AbortSignal): Promise<number> {
    try {
      for (;;) {
        signal.throwIfAborted();
        try {
          return await segment.write(bytes);
        } catch (cause) {
          if (!isDiskRefusal(cause)) throw unwritable(this.#options.name, cause);
        }
        this.#options.room.noteFull();
        this.#stall(true);
        await this.#moreRoom(signal);
      }
    } finally {
      this.#stall(false);
    }
  }

  async #moreRoom(signal: AbortSignal): Promise<void> {
    const { room } = this.#options;
    let ring = (): void => undefined;
    const more = new Promise<void>((resolve) => {
      ring = resolve;
    });
    room.whenMore(ring);
    await orAborted(more, { signal }).finally(() => room.forget(ring));
  }

  #stall(stalled: boolean): void {
    if (this.#stalled === stalled) return;
    this.#stalled = stalled;
    this.#options.onStall();
  }

  async #seal(segment: SegmentFile): Promise<void> {
    const { number } = segment.part;
    try {
      const digest = await segment.seal();
      await this.#options.onSealed(number, digest);
      this.#filling.delete(number);
    } catch (cause) {
      // Neither on disk nor in the journal: it has not come.
      await segment.close().catch(() => undefined);
      if (isDiskRefusal(cause)) {
        this.#options.room.noteFull();
        // Until the disk is looked at again, or it would be fed in vain over and over.
        await this.#moreRoom(neverAborted);
      }
      this.#options.onLost();
    }
  }
}

function unwritable(name: string, cause: unknown): TransferError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new TransferError("internal", `Cannot store bytes of "${name}": ${said}`, { cause });
}
