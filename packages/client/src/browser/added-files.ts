/** Files become rows: new ones, or those of rows that wait for their file. */

import { type ChosenFileContext, takesFile, wantsFile } from "./chosen-file.ts";
import { Row } from "./row.ts";
import type { RowJournal } from "./row-journal.ts";
import type { RowStore } from "./row-store.ts";
import { randomId } from "./tab-locks.ts";
import type { Incoming, TransferGroup } from "./transfers.ts";
import type { Call } from "./worker-messages.ts";

export interface AddedFilesOptions {
  readonly files: ChosenFileContext;
  readonly rowStore: Pick<RowStore, "own" | "add" | "changed">;
  readonly journal: Pick<RowJournal, "grow" | "add" | "keep">;
  readonly enqueue: (row: Row) => void;
}

/** The rows that a drop may find waiting, looked up once a drop: 100,000 files come in 200 messages. */
interface Wanted {
  readonly drop: string;
  readonly byPath: Map<string, Row>;
  readonly byUpload: Map<string, Row>;
}

/** Takes files in. */
export class AddedFiles {
  readonly #options: AddedFilesOptions;
  readonly #groups = new Map<string, TransferGroup>();
  #wanted: Wanted | undefined;

  constructor(options: AddedFilesOptions) {
    this.#options = options;
  }

  /** Make rows of some files of a drop. A file that a row has waited for goes to it. */
  async add(call: Extract<Call, { verb: "add" }>): Promise<void> {
    const { files, drop } = call;
    const { journal, rowStore, enqueue } = this.#options;
    journal.grow(drop);
    const rows: Row[] = [];
    for (const incoming of files) {
      const match = await this.#match(incoming, call);
      rows.push(match ?? this.#made(incoming, Date.now() + rows.length / files.length, call));
    }
    journal.add(rows);
    await journal.keep(rows);
    for (const row of rows) {
      rowStore.add(row);
      enqueue(row);
    }
  }

  /** All files of a drop have come. */
  allFound(drop: string): void {
    this.#groups.delete(drop);
    if (this.#wanted?.drop === drop) this.#wanted = undefined;
  }

  /** Give files to the rows that wait for theirs, by name, size and time; how many took one. */
  async chooseAll(files: readonly Incoming[]): Promise<number> {
    const { files: context, rowStore, journal, enqueue } = this.#options;
    const waiting = new Map<string, Row[]>();
    for (const row of rowStore.own.values()) {
      if (!wantsFile(row) || row.state === "done") continue;
      const facts = factsOf(row);
      waiting.set(facts, [...(waiting.get(facts) ?? []), row]);
    }
    const taken: Row[] = [];
    for (const incoming of files) {
      const { name, size } = incoming.file;
      const path = incoming.path.normalize("NFC");
      // Of files with one name in several folders each belongs to the row whose path ends like its own.
      const rows = waiting.get(factsOf({ name, size })) ?? [];
      const byPath = rows.filter((row) => `/${row.path}`.endsWith(`/${path}`));
      for (const row of byPath.length > 0 ? byPath : rows) {
        if (!wantsFile(row) || !(await takesFile(row, incoming, context))) continue;
        taken.push(row);
        row.rest("waiting");
        break;
      }
    }
    await journal.keep(taken);
    for (const row of taken) enqueue(row);
    return taken.length;
  }

  async #match(incoming: Incoming, { to, drop }: Extract<Call, { verb: "add" }>): Promise<Row | undefined> {
    const { byPath, byUpload } = this.#wantedBy(drop);
    if (byPath.size === 0) return undefined;
    const path = (to + incoming.path).normalize("NFC");
    const known = incoming.upload === undefined ? undefined : byUpload.get(incoming.upload);
    const match = known ?? byPath.get(`${path}\n${incoming.file.size}`);
    if (!match || !wantsFile(match) || !(await takesFile(match, incoming, this.#options.files))) return undefined;
    byPath.delete(`${match.path}\n${match.size}`);
    return match;
  }

  #wantedBy(drop: string): Wanted {
    if (this.#wanted?.drop === drop) return this.#wanted;
    const wanted: Wanted = { drop, byPath: new Map(), byUpload: new Map() };
    for (const row of this.#options.rowStore.own.values()) {
      if (!wantsFile(row)) continue;
      wanted.byPath.set(`${row.path}\n${row.size}`, row);
      if (row.id !== undefined) wanted.byUpload.set(row.id, row);
    }
    this.#wanted = wanted;
    return wanted;
  }

  #made(incoming: Incoming, created: number, { to, drop, conflict }: Extract<Call, { verb: "add" }>): Row {
    const { file, handle, upload } = incoming;
    const { name, size, lastModified, type } = file;
    const path = (to + incoming.path).normalize("NFC");
    const entry = { path, name, size, lastModified, created, handle, uploadId: upload, drop, to };
    const row = new Row({ ...entry, key: randomId(), type: type === "" ? undefined : type });
    row.group = this.#groups.get(drop) ?? row.group;
    if (row.group) this.#groups.set(drop, row.group);
    row.file = file;
    row.conflict = incoming.conflict ?? conflict;
    return row;
  }
}

function factsOf({ name, size }: { readonly name: string; readonly size: number }): string {
  return `${name.normalize("NFC")}\n${size}`;
}
