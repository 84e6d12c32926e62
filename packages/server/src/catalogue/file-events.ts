import { isHidden } from "@naru/core";
import type { Database } from "../database/database.ts";
import { SharedTransactions } from "../database/shared-transactions.ts";
import type { FileEventRow } from "../database/tables/file-events.ts";
import type { Log } from "../log.ts";

/** Who changes files, and by which door. */
export interface Caller {
  readonly account: string;
  readonly door: string;
}

export interface FileEvent {
  /** Grows with every event; some numbers are never given. */
  readonly position: number;
  /**
   * `begun` and `failed` are of uploads that take several calls: `failed` is one that ended without a file. What is written
   * in one call has arrived or has not. All else is done when it is reported.
   */
  readonly kind: "arrived" | "moved" | "removed" | "begun" | "failed";
  /** When a folder is moved or removed, each file in it is reported for itself, before the folder. */
  readonly entry: "file" | "folder";
  readonly path: string;
  /** Of what moved: where it was. */
  readonly from?: string | undefined;
  readonly size?: number | undefined;
  readonly etag?: string | undefined;
  readonly by: Caller;
  /** The upload's id, where there was one. */
  readonly upload?: string | undefined;
  readonly at: Date;
}

export type NewFileEvent = Omit<FileEvent, "position" | "at">;

/** Report an event with the transaction that makes it so. */
export type Report = (event: NewFileEvent) => Promise<void>;

export interface FileEventsOptions {
  readonly now: () => number;
  readonly log: Pick<Log, "error">;
}

const keptMs = 7 * 24 * 60 * 60_000;
const keptEvents = 100_000;

/** What happened to files and folders, by whichever door: in the order in which it became so, each event once. */
export class FileEvents {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #log: Pick<Log, "error">;
  /** What is to be written with others. */
  readonly writes: SharedTransactions;
  readonly #listeners = new Set<(event: FileEvent) => void>();

  constructor(db: Database, { now, log }: FileEventsOptions) {
    this.#db = db;
    this.writes = new SharedTransactions(db);
    this.#now = now;
    this.#log = log;
  }

  /**
   * Run a transaction, with others that are asked for at about the same time; what it reports is told to listeners when it is
   * committed. `work` may run twice: it must only write to the database.
   */
  async record<T>(work: (tx: Database, report: Report) => Promise<T>): Promise<T> {
    const { events, result } = await this.writes.run(async (tx) => {
      const reported: FileEvent[] = [];
      const done = await work(tx, async (event) => void reported.push(await this.#note(tx, event)));
      return { events: reported, result: done };
    });
    // Transactions are committed one after another, so this is the order of the positions.
    for (const event of events) this.#tell(event);
    return result;
  }

  async #note(tx: Database, reported: NewFileEvent): Promise<FileEvent> {
    const event = asSeen(reported);
    const at = this.#now();
    const { kind, entry, path, from = null, size = null, etag = null, by, upload = null } = event;
    const row = { kind, entry, path, source: from, size, etag, account: by.account, door: by.door, upload, at };
    const insert = tx.insertInto("file_events").values(row).returning("position");
    const { position } = await insert.executeTakeFirstOrThrow();
    return { ...event, position, at: new Date(at) };
  }

  /** Hear of every event from now on, until what is returned is called. */
  on(listen: (event: FileEvent) => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  /** What happened after `position`, oldest first; of the last 7 days, and the last 100,000 events. */
  async since(position: number, { limit = 1000 }: { readonly limit?: number } = {}): Promise<readonly FileEvent[]> {
    const rows = this.#db.selectFrom("file_events").selectAll().where("position", ">", position);
    return (await rows.orderBy("position").limit(limit).execute()).map(fileEvent);
  }

  /** The position of the newest event; 0 before the first. */
  async latest(): Promise<number> {
    return Math.max((await newestIn(this.#db)) ?? 0, await prunedIn(this.#db));
  }

  /**
   * Whether `since(position)` may lack events that were forgotten, or knows nothing of that position: whoever asks must look
   * at everything anew. To be asked after `since`.
   */
  async isForgotten(position: number): Promise<boolean> {
    return position < (await prunedIn(this.#db)) || position > (await this.latest());
  }

  /** Forget what nobody can ask for any more. */
  async prune(): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      const newest = (await newestIn(tx)) ?? 0;
      const old = await tx
        .selectFrom("file_events")
        .select((row) => row.fn.max("position").as("position"))
        .where("at", "<", this.#now() - keptMs)
        .executeTakeFirst();
      const last = Math.max(old?.position ?? 0, newest - keptEvents);
      await tx.deleteFrom("file_events").where("position", "<=", last).execute();
      await tx.updateTable("file_events_pruned").set({ position: last }).where("position", "<", last).execute();
    });
  }

  #tell(event: FileEvent): void {
    for (const listen of this.#listeners) {
      try {
        listen(event);
      } catch (error) {
        this.#log.error({ position: event.position, err: error }, "a listener of file events failed");
      }
    }
  }
}

async function newestIn(db: Database): Promise<number | undefined> {
  const newest = db.selectFrom("file_events").select((row) => row.fn.max("position").as("position"));
  return (await newest.executeTakeFirst())?.position ?? undefined;
}

async function prunedIn(db: Database): Promise<number> {
  return (await db.selectFrom("file_events_pruned").select("position").executeTakeFirst())?.position ?? 0;
}

/** What is moved to where nobody looks, as the bin, is gone; what comes back from there has arrived. */
function asSeen(event: NewFileEvent): NewFileEvent {
  const { entry, from, kind, path, by } = event;
  if (kind !== "moved" || from === undefined) return event;
  if (isHidden(path)) return { kind: "removed", entry, path: from, by };
  return isHidden(from) ? { ...event, kind: "arrived", from: undefined } : event;
}

function fileEvent({
  position,
  kind,
  entry,
  path,
  source,
  size,
  etag,
  account,
  door,
  upload,
  at,
}: FileEventRow): FileEvent {
  const from = source ?? undefined;
  const by = { account, door };
  const known = { size: size ?? undefined, etag: etag ?? undefined, upload: upload ?? undefined };
  return { position, kind, entry, path, from, by, ...known, at: new Date(at) };
}
