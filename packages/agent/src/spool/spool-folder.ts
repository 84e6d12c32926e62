/**
 * Where the spool is, and whether it is there now: its disk may be missing. A mark in the folder, which the journal knows,
 * tells the spool from the empty folder that is left where its disk was mounted.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decoder } from "@naru/core";
import { flag, object, text } from "@naru/core/schema";
import { isDiskRefusal } from "../full-disk.ts";
import type { AgentJournal } from "../journal.ts";

/** The file in the spool's folder that tells it from others. */
export const markName = "spool-mark";

export interface SpoolFolderOptions {
  /** Where the spool is wished to be. */
  readonly folder: string;
  /** Where it is when it cannot be there: in the data folder, on the journal's disk. */
  readonly home: string;
  readonly journal: AgentJournal;
  readonly log: (line: string) => void;
}

/** What the journal knows of the spool's place. */
interface Mark {
  readonly folder: string;
  readonly mark: string;
  /** Whether it is on the journal's disk, which is never missing. */
  readonly isWithJournal: boolean;
}

/** The folder of the spool. */
export class SpoolFolder {
  readonly folder: string;
  readonly #home: string;
  readonly #journal: AgentJournal;
  #isHere = false;

  private constructor(folder: string, { home, journal }: SpoolFolderOptions) {
    this.folder = folder;
    this.#home = home;
    this.#journal = journal;
  }

  /** Choose the folder: where segments are it stays; one that cannot be used is left for that of the data folder. */
  static async open(options: SpoolFolderOptions): Promise<SpoolFolder> {
    const { folder, home, journal, log } = options;
    const known = holdsSegments(journal) ? readMark(journal) : undefined;
    if (known !== undefined && known.folder !== folder) log(`the spool stays in "${known.folder}" until it is empty`);
    const opened = new SpoolFolder(known?.folder ?? folder, options);
    try {
      if (!(await opened.look())) log(`the spool's disk is missing: "${opened.folder}" is not what it was`);
      return opened;
    } catch (cause) {
      if (opened.folder === home) throw cause;
      log(`the spool is in "${home}": Cannot use "${folder}": ${cause instanceof Error ? cause.message : cause}`);
    }
    const fallback = new SpoolFolder(home, options);
    await fallback.look();
    return fallback;
  }

  /** Tell whether it is there; a place that holds nothing yet is made. */
  async look(): Promise<boolean> {
    this.#isHere ||= await this.#find();
    return this.#isHere;
  }

  async #find(): Promise<boolean> {
    const known = readMark(this.#journal);
    const found = await readFile(join(this.folder, markName), "utf8").catch(() => undefined);
    const isOurs = found !== undefined && known?.folder === this.folder && known.mark === found;
    if (!isOurs && holdsSegments(this.#journal) && !(await this.#isFromBefore(known, found))) return false;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
    if (!isOurs) await this.#mark(found ?? randomUUID());
    return true;
  }

  /** Spools that are older than their marks are known by what is in them. */
  async #isFromBefore(known: Mark | undefined, found: string | undefined): Promise<boolean> {
    // Somebody tidied the data folder up: what is gone there does not come back.
    if (this.folder === this.#home && (known?.isWithJournal || (await isGone(this.folder)))) return true;
    if (known !== undefined) return false;
    const names = new Set(await readdir(this.folder).catch(() => []));
    const rows = this.#journal.all("SELECT DISTINCT transfer FROM segments WHERE state = 'durable'");
    return found !== undefined || rows.some((row) => names.has(String(row["transfer"])));
  }

  async #mark(mark: string): Promise<void> {
    try {
      await writeFile(join(this.folder, markName), mark, { mode: 0o600, flush: true });
      const [{ dev }, data] = await Promise.all([stat(this.folder), stat(dirname(this.#home))]);
      const known: Mark = { folder: this.folder, mark, isWithJournal: dev === data.dev };
      const sql = "INSERT OR REPLACE INTO settings (name, value) VALUES ('spool', ?)";
      this.#journal.run(sql, JSON.stringify(known));
    } catch (error) {
      // The next start marks it.
      if (!isDiskRefusal(error)) throw error;
    }
  }
}

function holdsSegments(journal: AgentJournal): boolean {
  return journal.all("SELECT 1 FROM segments WHERE state = 'durable' LIMIT 1").length > 0;
}

const decodeMark = decoder(
  object({ folder: text("The spool's."), mark: text("In it."), isWithJournal: flag("On one disk.") }),
);

function readMark(journal: AgentJournal): Mark | undefined {
  const [row] = journal.all("SELECT value FROM settings WHERE name = 'spool'");
  if (row === undefined) return undefined;
  try {
    return decodeMark(JSON.parse(String(row["value"])), "spool");
  } catch {
    return undefined;
  }
}

async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}
