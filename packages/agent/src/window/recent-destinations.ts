/** Where the window has sent files to, with what signs in there; kept in the journal (0600) and told without secrets. */

import { createHash } from "node:crypto";
import type { AgentJournal } from "../journal.ts";
import type { Destination } from "../transfers/destination.ts";
import { shownDestination } from "../transfers/read-destination.ts";
import type { DestinationFacts } from "./window-wire.ts";

const most = 12;

/** The places of one agent, the last used first. */
export class RecentDestinations {
  readonly #journal: AgentJournal;

  constructor(journal: AgentJournal) {
    this.#journal = journal;
  }

  list(): readonly DestinationFacts[] {
    return this.#read().map((to) => ({ id: idOf(to), shown: shownDestination(to) }));
  }

  get(id: string): Destination | undefined {
    return this.#read().find((to) => idOf(to) === id);
  }

  /** Remember a place as the last used one. */
  use(to: Destination): void {
    const others = this.#read().filter((one) => idOf(one) !== idOf(to));
    this.#write([to, ...others].slice(0, most));
  }

  forget(id: string): void {
    this.#write(this.#read().filter((one) => idOf(one) !== id));
  }

  #read(): readonly Destination[] {
    const [row] = this.#journal.all("SELECT value FROM settings WHERE name = 'places'");
    // Only `#write` writes this row.
    return row === undefined ? [] : (JSON.parse(String(row["value"])) as readonly Destination[]);
  }

  #write(places: readonly Destination[]): void {
    const sql = "INSERT OR REPLACE INTO settings (name, value) VALUES ('places', ?)";
    this.#journal.run(sql, JSON.stringify(places));
  }
}

function idOf(to: Destination): string {
  return createHash("sha256").update(shownDestination(to)).digest("hex").slice(0, 16);
}
