/** All spools of this agent: one folder (0700) with a folder for each file, one room. */

import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TransferError } from "@naru/core";
import { isDiskRefusal } from "../full-disk.ts";
import type { AgentJournal } from "../journal.ts";
import { Room } from "./room.ts";
import { SegmentSpool, type SegmentSpoolOptions } from "./segment-spool.ts";
import type { Way } from "./spool.ts";
import { markName, SpoolFolder, type SpoolFolderOptions } from "./spool-folder.ts";

const lookAgainMs = 3000;

export interface SpoolsOptions extends SpoolFolderOptions {
  /** Bytes that all spools may use. */
  readonly limit: number;
}

/** Where spools are made and found. */
export class Spools {
  readonly #spoolFolder: SpoolFolder;
  readonly #journal: AgentJournal;
  readonly #room: Room;
  readonly #open = new Map<string, SegmentSpool>();
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(spoolFolder: SpoolFolder, { journal, limit }: SpoolsOptions) {
    this.#spoolFolder = spoolFolder;
    this.#journal = journal;
    this.#room = new Room(spoolFolder.folder, limit);
  }

  /** Open the folder, made if need be; its disk may be missing. */
  static async open(options: SpoolsOptions): Promise<Spools> {
    return new Spools(await SpoolFolder.open(options), options);
  }

  /** Where they are. */
  get folder(): string {
    return this.#spoolFolder.folder;
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
    if (!(await this.#spoolFolder.look())) return { way: "window", free: 0 };
    await this.#room.measure();
    return { way: size <= this.#room.free ? "full" : "window", free: this.#room.free };
  }

  /** Call `listener` once, when the disk that was missing is back. */
  whenBack(listener: () => void): void {
    this.#waiting.add(listener);
    this.#timer ??= setTimeout(() => void this.#look(), lookAgainMs);
  }

  /**
   * Open the spool of a transfer: what the journal and the disk know of it is there.
   *
   * @throws {TransferError} `unavailable` as long as the disk of the spools is missing
   */
  async spool(wanted: Pick<SegmentSpoolOptions, "id" | "file" | "way" | "segmentSize">): Promise<SegmentSpool> {
    const known = this.#open.get(wanted.id);
    if (known !== undefined) return known;
    if (!(await this.#spoolFolder.look())) throw missing(wanted.file.name, this.folder);
    const folder = join(this.folder, wanted.id);
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
    await rm(join(this.folder, id), { recursive: true, force: true });
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
    const found = (await this.#spoolFolder.look()) ? await readdir(this.folder) : [];
    for (const id of new Set([...found, ...journalled])) {
      if (id !== markName && !known.has(id)) await this.remove(id);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((spool) => spool.close()));
    this.#open.clear();
    this.#waiting.clear();
    clearTimeout(this.#timer);
    this.#room[Symbol.dispose]();
  }

  async #look(): Promise<void> {
    // A folder that cannot be looked at is not there.
    const isHere = await this.#spoolFolder.look().catch(() => false);
    this.#timer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) {
      if (isHere) listener();
      else this.whenBack(listener);
    }
  }
}

function missing(name: string, folder: string): TransferError {
  return new TransferError("unavailable", `Cannot resume "${name}": the spool's disk is missing ("${folder}")`);
}
