/** All spools of this agent: one folder (0700) with a folder for each file, one room. */

import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDiskRefusal } from "../full-disk.ts";
import type { AgentJournal } from "../journal.ts";
import { Room } from "./room.ts";
import { SegmentSpool, type SegmentSpoolOptions } from "./segment-spool.ts";
import type { Way } from "./spool.ts";

export interface SpoolsOptions {
  readonly folder: string;
  readonly journal: AgentJournal;
  /** Bytes that all spools may use. */
  readonly limit: number;
}

/** Where spools are made and found. */
export class Spools {
  readonly #folder: string;
  readonly #journal: AgentJournal;
  readonly #room: Room;
  readonly #open = new Map<string, SegmentSpool>();

  private constructor({ folder, journal, limit }: SpoolsOptions) {
    this.#folder = folder;
    this.#journal = journal;
    this.#room = new Room(folder, limit);
  }

  /** Open the folder, made if need be. */
  static async open(options: SpoolsOptions): Promise<Spools> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    await chmod(options.folder, 0o700);
    return new Spools(options);
  }

  /** Bytes of the disk that all spools use. */
  get held(): number {
    return this.#room.taken;
  }

  get(id: string): SegmentSpool | undefined {
    return this.#open.get(id);
  }

  limit(bytes: number): void {
    this.#room.limit(bytes);
  }

  /** Tell how a file of this size would be kept now. */
  async wayFor(size: number): Promise<{ readonly way: Exclude<Way, "direct">; readonly free: number }> {
    await this.#room.measure();
    return { way: size <= this.#room.free ? "full" : "window", free: this.#room.free };
  }

  /** Open the spool of a transfer: what the journal and the disk know of it is there. */
  async spool(wanted: Pick<SegmentSpoolOptions, "id" | "file" | "way" | "segmentSize">): Promise<SegmentSpool> {
    const known = this.#open.get(wanted.id);
    if (known !== undefined) return known;
    const folder = join(this.#folder, wanted.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const spool = new SegmentSpool({ ...wanted, folder, journal: this.#journal, room: this.#room });
    await spool.restore();
    this.#open.set(wanted.id, spool);
    return spool;
  }

  /** Remove the spool of a transfer that has ended. */
  async remove(id: string): Promise<void> {
    const spool = this.#open.get(id);
    this.#open.delete(id);
    await spool?.close();
    await rm(join(this.#folder, id), { recursive: true, force: true });
    try {
      this.#journal.runLazily("DELETE FROM segments WHERE transfer = ?", id);
    } catch (error) {
      // What is left of a transfer that has ended is removed at the next start.
      if (!isDiskRefusal(error)) throw error;
    }
  }

  /** Remove what no transfer knows, and halves of segments: a crash leaves them. */
  async sweep(known: ReadonlySet<string>): Promise<void> {
    const journalled = this.#journal
      .all("SELECT DISTINCT transfer FROM segments")
      .map((row) => String(row["transfer"]));
    for (const id of new Set([...(await readdir(this.#folder)), ...journalled])) {
      if (!known.has(id)) await this.remove(id);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((spool) => spool.close()));
    this.#open.clear();
    this.#room[Symbol.dispose]();
  }
}
