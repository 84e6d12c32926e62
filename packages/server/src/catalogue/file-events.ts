import type { Database } from "../database/database.ts";
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

const keptMs = 7 * 24 * 60 * 60_000;
const keptEvents = 100_000;

/** What happened to files and folders, by whichever door: in the order in which it became so, each event once. */
export class FileEvents {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #log: Pick<Log, "error">;
  readonly #listeners = new Set<(event: FileEvent) => void>();

  constructor(db: Database, { now, log }: { readonly now: () => number; readonly log: Pick<Log, "error"> }) {
    this.#db = db;
    this.#now = now;
    this.#log = log;
  }

  /** Run a transaction; what it reports is told to listeners when it is committed. */
  async record<T>(work: (tx: Database, report: Report) => Promise<T>): Promise<T> {
    const events: FileEvent[] = [];
    const result = await this.#db.transaction().execute((tx) =>
      work(tx, async (event) => {
        const at = this.#now();
        const { kind, entry, path, from = null, size = null, etag = null, by, upload = null } = event;
        const row = { kind, entry, path, source: from, size, etag, account: by.account, door: by.door, upload, at };
        const insert = tx.insertInto("file_events").values(row).returning("position");
        const { position } = await insert.executeTakeFirstOrThrow();
        events.push({ ...event, position, at: new Date(at) });
      }),
    );
    // Transactions are committed one after another, so this is the order of the positions.
    for (const event of events) this.#tell(event);
    return result;
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

  /** Forget what nobody can ask for any more. */
  async prune(): Promise<void> {
    const newest = await this.#db
      .selectFrom("file_events")
      .select((row) => row.fn.max("position").as("position"))
      .executeTakeFirst();
    const last = (newest?.position ?? 0) - keptEvents;
    const old = this.#db.deleteFrom("file_events");
    await old.where((row) => row.or([row("at", "<", this.#now() - keptMs), row("position", "<=", last)])).execute();
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
