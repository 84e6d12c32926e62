/** The transfers as the journal keeps them. */

import type { FailureCode } from "@naru/core";
import type { AgentJournal } from "../journal.ts";
import type { Way } from "../spool/spool.ts";
import type { Destination } from "./destination.ts";

/** What is remembered of a transfer. `go`: it is to be sent, now or when its turn comes. */
export interface TransferEntry {
  readonly id: string;
  readonly state: "go" | "paused" | "done" | "failed" | "cancelled";
  readonly way: Way;
  readonly name: string;
  /** Where it is on this computer; only when the agent opens it itself. */
  readonly file?: string | undefined;
  /** Its path below the destination's folder. */
  readonly path: string;
  readonly to: Destination;
  readonly size: number;
  readonly modifiedMs: number;
  /** The wished size of parts; that of segments, when it is spooled. */
  readonly partSize?: number | undefined;
  readonly type?: string | undefined;
  /** The upload at the far side, from the moment it was made. */
  readonly upload?: string | undefined;
  /** The far side was told to complete it: it may have, though nobody heard. */
  readonly completing?: boolean | undefined;
  readonly owner?: string | undefined;
  /** When it was taken off the list, though its upload still lies at the far side. */
  readonly removed?: number | undefined;
  readonly created: number;
  readonly ended?: number | undefined;
  /** As far as was known when it last stopped. */
  readonly confirmed: number;
  readonly error?: { readonly code: FailureCode; readonly message: string } | undefined;
}

/** Reads and writes entries; what is written is on disk when the call returns. */
export class TransferTable {
  readonly #journal: AgentJournal;

  constructor(journal: AgentJournal) {
    this.#journal = journal;
  }

  /** All entries, in the order of the queue. */
  list(): readonly TransferEntry[] {
    const rows = this.#journal.all("SELECT entry FROM transfers ORDER BY place");
    // Only `save` writes this column.
    return rows.map(({ entry }) => JSON.parse(String(entry)) as TransferEntry);
  }

  /** Write an entry; a new one goes to the end of the queue. */
  save(entry: TransferEntry): void {
    const sql = `INSERT INTO transfers (id, place, entry) VALUES (?, (SELECT ifnull(max(place), 0) + 1 FROM transfers), ?)
       ON CONFLICT (id) DO UPDATE SET entry = excluded.entry`;
    this.#journal.run(sql, entry.id, JSON.stringify(entry));
  }

  /** Write the order of the queue. */
  order(ids: readonly string[]): void {
    for (const [place, id] of ids.entries()) {
      this.#journal.runLazily("UPDATE transfers SET place = ? WHERE id = ?", place, id);
    }
  }

  remove(id: string): void {
    this.#journal.run("DELETE FROM transfers WHERE id = ?", id);
  }
}
