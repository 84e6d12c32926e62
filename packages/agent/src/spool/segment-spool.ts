/** The spool of one file: segments come in from a feeder and go out to the far side. */

import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Abortable,
  type Body,
  type ByteRange,
  orAborted,
  type Part,
  type PartDigest,
  type Source,
  TransferError,
} from "@naru/core";
import type { AgentJournal } from "../journal.ts";
import { Arrivals } from "./arrivals.ts";
import { Credit } from "./credit.ts";
import { digestBody } from "./digest-body.ts";
import { Intake } from "./intake.ts";
import { matchFile, sampleProofs } from "./proofs.ts";
import type { Room } from "./room.ts";
import { compareWithDisk, segmentName, spoiltSegments } from "./segment-check.ts";
import { SegmentTable } from "./segment-table.ts";
import { SentSegments } from "./sent-segments.ts";
import type { FedFile, Grant, RangeProof, Spool, Way } from "./spool.ts";
import { spoolBody } from "./spool-body.ts";
import { Turns } from "./turns.ts";

export interface SegmentSpoolOptions {
  readonly id: string;
  readonly file: FedFile;
  readonly way: Exclude<Way, "direct">;
  readonly segmentSize: number;
  readonly folder: string;
  readonly journal: AgentJournal;
  readonly room: Room;
}

/** Keeps one file's segments. */
export class SegmentSpool implements Spool {
  readonly id: string;
  readonly file: FedFile;
  readonly way: Exclude<Way, "direct">;
  readonly segmentSize: number;
  readonly source: Source;
  readonly digest = (body: Body, options: Abortable = {}): Promise<PartDigest> => this.#digest(body, options);
  readonly #folder: string;
  readonly #table: SegmentTable;
  readonly #credit: Credit;
  readonly #intake: Intake;
  readonly #sent: SentSegments;
  readonly #arrivals = new Arrivals();
  readonly #turns = new Turns();
  readonly #listeners = new Set<(grant: Grant) => void>();
  #feeding: AbortController | undefined;
  #rewinds = 0;
  #closed = false;

  constructor(options: SegmentSpoolOptions) {
    const { id, file, way, segmentSize, folder, room } = options;
    this.id = id;
    this.file = file;
    this.way = way;
    this.segmentSize = segmentSize;
    this.#folder = folder;
    this.#table = new SegmentTable({ ...options, size: file.size });
    this.#credit = new Credit({ room, table: this.#table, segmentSize, onRoom: () => this.#extend() });
    this.#sent = new SentSegments({ table: this.#table, room, discard: (number) => this.#discard(number) });
    this.#intake = new Intake({
      name: file.name,
      table: this.#table,
      room,
      pathOf: (number) => this.#pathOf(number),
      onSealed: (number, digest) => this.#sealed(number, digest),
      onLost: () => void this.#turns.take(() => this.#rewind()),
      onStall: () => this.#notify(),
    });
    const slice = (start: number, end: number): Body => {
      this.#credit.needs(end - start);
      return spoolBody(this, start, end);
    };
    this.source = { size: file.size, slice };
  }

  /** Compare the journal with the disk, after a restart. */
  async restore(): Promise<void> {
    if (this.file.size === 0 && this.#table.get(1) === undefined) {
      this.#table.cameIn(1, await digestBody(new Blob([])));
    }
    await compareWithDisk(this.#table, this.#folder, (size) => this.#credit.keep(size));
    this.#credit.rewind();
  }

  get grant(): Grant {
    const credit = this.#intake.stalled || this.#feeding === undefined ? 0 : this.#credit.bytes;
    return { durable: this.#table.durable, credit, rewinds: this.#rewinds };
  }

  get missing(): readonly ByteRange[] {
    return this.#table.missing();
  }

  get unfed(): number {
    return this.#table.missingBytes;
  }

  get attached(): boolean {
    return this.#feeding !== undefined;
  }

  get held(): number {
    return this.#credit.held;
  }

  attach(): void {
    if (this.#closed) throw new TransferError("conflict", `Cannot feed "${this.file.name}": the transfer has ended`);
    this.#feeding ??= new AbortController();
    this.#credit.extend();
    this.#notify();
  }

  async detach(): Promise<void> {
    if (this.#feeding === undefined) return;
    this.#feeding.abort(new DOMException("The feeder is gone", "AbortError"));
    this.#feeding = undefined;
    await this.#turns.take(() => this.#rewind());
  }

  write(offset: number, bytes: Uint8Array, { signal }: Abortable = {}): Promise<void> {
    const feeding = this.#feeding?.signal;
    return this.#turns.take(async () => {
      if (feeding === undefined) throw this.#refusal(offset, "nobody said that they would come");
      feeding.throwIfAborted();
      const end = offset + bytes.length;
      const isOutside = !Number.isSafeInteger(offset) || offset < 0 || end > this.file.size;
      if (isOutside) throw this.#refusal(offset, "they are not in the file");
      if (end > this.#credit.promised) throw this.#refusal(offset, "they go beyond the credit");
      await this.#intake.take({ start: offset, bytes }, signal ? AbortSignal.any([signal, feeding]) : feeding);
    });
  }

  onGrant(listener: (grant: Grant) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  proofs(): readonly RangeProof[] {
    return sampleProofs(this.#table);
  }

  match(file: FedFile, proofs: readonly RangeProof[]): void {
    matchFile(this.file, file, { wanted: this.proofs(), given: proofs });
  }

  confirm(part: Part): Promise<void> {
    return this.#sent.confirm(part, this.file.size);
  }

  async settle(parts: readonly Part[]): Promise<void> {
    await this.#lose(await this.#sent.settle(parts));
  }

  /** Read every segment on disk again; one that is not what it was must be fed again. */
  async verify(): Promise<void> {
    if (await this.#isAway()) return;
    const bad = await spoiltSegments(this.#table, this);
    for (const number of bad) {
      await rm(this.#pathOf(number), { force: true });
      this.#credit.gone(number);
    }
    await this.#lose(bad);
  }

  /** Stop taking bytes; what is durable stays for the next start. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#sent.close();
    await this.detach();
    this.#credit.close();
    this.#listeners.clear();
  }

  at(offset: number): Part {
    return this.#table.at(offset);
  }

  /** Open a segment to read, once it is durable. @throws {TransferError} `unavailable` when it was deleted */
  async open({ number }: Part): Promise<FileHandle> {
    for (;;) {
      await this.#arrival(number);
      if (this.#table.get(number)?.state === "released") {
        throw new TransferError("unavailable", `Cannot read part "${number}" of "${this.file.name}": it has been sent`);
      }
      try {
        return await open(this.#pathOf(number), "r");
      } catch {
        if (await this.#isAway()) {
          throw new TransferError("unavailable", `Cannot read "${this.file.name}": the spool's disk is missing`);
        }
        // Somebody tidied the folder up.
        if (this.#table.get(number)?.state !== "durable") continue;
        this.#credit.gone(number);
        await this.#lose([number]);
      }
    }
  }

  /** Whether the folder is gone with all that is in it: then its disk is, and may come back. */
  #isAway(): Promise<boolean> {
    return stat(this.#folder).then(
      () => false,
      () => true,
    );
  }

  async #digest(body: Body, { signal }: Abortable): Promise<PartDigest> {
    const start = "start" in body && typeof body.start === "number" ? body.start : 0;
    const part = this.#table.at(Math.min(start, Math.max(0, this.file.size - 1)));
    if (part.offset !== start || part.size !== body.size) return digestBody(body, { signal });
    await orAborted(this.#arrival(part.number), { signal });
    return this.#table.get(part.number)?.digest ?? digestBody(body, { signal });
  }

  /** Wait until a segment has come, whether it is still here or not. */
  #arrival(number: number): Promise<void> {
    if (this.#table.get(number) !== undefined) return Promise.resolve();
    return this.#arrivals.of(number);
  }

  async #sealed(number: number, digest: PartDigest): Promise<void> {
    this.#table.cameIn(number, digest);
    this.#credit.cameIn(number);
    this.#arrivals.ring(number);
    await this.#sent.release(number);
    this.#credit.extend();
    this.#notify();
  }

  async #discard(number: number): Promise<void> {
    // What cannot be deleted now (Windows, while somebody looks at it) is deleted at the next start.
    await rm(this.#pathOf(number), { force: true }).catch(() => undefined);
    this.#credit.gone(number);
    this.#credit.extend();
    this.#notify();
  }

  async #lose(numbers: readonly number[]): Promise<void> {
    if (numbers.length === 0) return;
    for (const number of numbers) this.#table.lost(number);
    await this.#turns.take(() => this.#rewind());
  }

  async #rewind(): Promise<void> {
    await this.#intake.drop();
    this.#credit.rewind();
    this.#rewinds += 1;
    this.#extend();
    this.#notify();
  }

  #extend(): void {
    if (this.#feeding !== undefined && !this.#closed && this.#credit.extend()) this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener(this.grant);
  }

  #refusal(offset: number, why: string): TransferError {
    return new TransferError("invalid", `Cannot accept bytes of "${this.file.name}" from ${offset} on: ${why}`);
  }

  #pathOf(number: number): string {
    return join(this.#folder, segmentName(number));
  }
}
