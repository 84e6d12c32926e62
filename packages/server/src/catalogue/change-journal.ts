import { randomUUID } from "node:crypto";
import type { Database } from "../database/database.ts";
import type { SharedTransactions } from "../database/shared-transactions.ts";
import type { Caller } from "./file-events.ts";
import type { Facts } from "./file-facts.ts";

interface Common {
  readonly path: string;
  readonly by: Caller;
}

/** A file that is to appear. */
export interface ArrivedChange extends Common {
  readonly kind: "arrived";
  readonly entry: "file";
  /** Where the store makes it appear, to be moved to `path` from there. */
  readonly at: string;
  /** Where the file that stood at `at` waits meanwhile, and what is known of it. */
  readonly aside?: { readonly path: string; readonly facts: Facts } | undefined;
  /** The upload that it comes by: the ledger's id, if it is in there, and the store's. */
  readonly upload?: { readonly id?: string | undefined; readonly storeId: string } | undefined;
  readonly size?: number | undefined;
  /** The etag of the file that it replaces. */
  readonly before?: string | null | undefined;
  readonly facts: Facts;
}

export interface MovedChange extends Common {
  readonly kind: "moved";
  readonly entry: "file";
  readonly from: string;
  readonly facts: Facts;
}

export interface RemovedChange extends Common {
  readonly kind: "removed";
  readonly entry: "file" | "folder";
}

export interface MadeChange extends Common {
  readonly kind: "arrived";
  readonly entry: "folder";
}

/** What is about to be done at the store. */
export type Change = ArrivedChange | MovedChange | RemovedChange | MadeChange;

export interface ChangeJournalOptions {
  readonly now: () => number;
  readonly writes: SharedTransactions;
}

/** Changes that were begun at the store: one is noted before it is made, and struck out in the transaction that reports it. */
export class ChangeJournal {
  readonly #db: Database;
  readonly #writes: SharedTransactions;
  readonly #now: () => number;

  constructor(db: Database, { now, writes }: ChangeJournalOptions) {
    this.#db = db;
    this.#writes = writes;
    this.#now = now;
  }

  async begin(change: Change): Promise<string> {
    const id = randomUUID();
    const row = { id, change: JSON.stringify(change), begun: this.#now() };
    await this.#writes.run((tx) => tx.insertInto("file_changes").values(row).execute());
    return id;
  }

  async strike(id: string, db: Database = this.#db): Promise<void> {
    await db.deleteFrom("file_changes").where("id", "=", id).execute();
  }

  /** What is there, oldest first. */
  async list(): Promise<readonly (readonly [string, Change])[]> {
    const rows = await this.#db.selectFrom("file_changes").selectAll().orderBy("begun").execute();
    // Only `begin` writes it, and a migration in the same shape.
    return rows.map(({ id, change }) => [id, JSON.parse(change) as Change] as const);
  }
}
