import { isTransferError } from "@naru/core";
import { mapPool } from "../pool.ts";
import type { Change } from "./change-journal.ts";
import type { ChangesOptions, Note } from "./changes-options.ts";
import { settleChange } from "./settle-change.ts";

const settledAtOnce = 16;

/**
 * Changes what is at the store, and reports it once: also when the process dies between the store's answer and the
 * database, or the answer is lost. What is not known to have happened is looked up at the store before anything
 * else is done at one of its paths, by `settle`, or at the next start.
 */
export class Changes {
  readonly #options: ChangesOptions;
  /** Those that nobody makes any more, and that may have happened or not. */
  readonly #open = new Map<string, Change>();
  readonly #settling = new Map<string, Promise<void>>();

  constructor(options: ChangesOptions) {
    this.#options = options;
    options.paths.settleFirst((paths) => this.#settleAt(paths));
  }

  /** Do `work` for a caller that holds the change's paths, and `note` what came of it. */
  async make<T>(change: Change, work: () => Promise<T>, note: (result: T) => Note): Promise<T> {
    const { journal, events } = this.#options;
    const id = await journal.begin(change);
    try {
      const result = await work();
      await events.record(async (db, report) => {
        await journal.strike(id, db);
        await note(result)(db, report);
      });
      return result;
    } catch (error) {
      // After a refusal nothing has happened; after a lost answer it may have.
      if (isTransferError(error) && !error.retryable && !hasSteps(change)) await journal.strike(id);
      else this.#open.set(id, change);
      throw error;
    }
  }

  /** Take up what an earlier process left, and settle it. */
  async recover(): Promise<void> {
    for (const [id, change] of await this.#options.journal.list()) this.#open.set(id, change);
    await this.settle();
  }

  /**
   * Look up what became of changes that may have happened: of one upload, or of all. Of all, what cannot be asked now stays.
   *
   * @throws what the store answers when it cannot tell of the upload
   */
  async settle({ upload }: { readonly upload?: string | undefined } = {}): Promise<void> {
    if (upload === undefined) return this.#settleAll();
    for (const [id, change] of [...this.#open]) if (uploadOf(change) === upload) await this.#settleAlone(id, change);
  }

  async #settleAll(): Promise<void> {
    const { log } = this.#options;
    let isAway = false;
    await mapPool([...this.#open], settledAtOnce, async ([id, change]) => {
      if (isAway) return;
      try {
        await this.#settleAlone(id, change);
      } catch (error) {
        log.warn({ path: change.path, err: error }, "cannot find out whether a file changed, trying again later");
        // Thousands of questions to a store that is away would keep a start waiting for hours.
        isAway = isTransferError(error) && error.retryable;
        // The next time others come first: one path may never answer.
        if (this.#open.delete(id)) this.#open.set(id, change);
      }
    });
  }

  /** Whoever holds a path has it settled. */
  async #settleAlone(id: string, change: Change): Promise<void> {
    const [one = change.path, other = one] = pathsOf(change);
    await this.#options.paths.aloneAtBoth(one, other, () => this.#settle(id, change));
  }

  /**
   * For a caller that holds these paths. A change may be at another path, too, which need not be held: whoever holds that
   * one has waited here.
   */
  async #settleAt(held: readonly string[]): Promise<void> {
    if (this.#open.size === 0) return;
    const names = new Set(held.map(spelled));
    for (const [id, change] of [...this.#open]) {
      if (pathsOf(change).some((path) => names.has(spelled(path)))) await this.#settle(id, change);
    }
  }

  #settle(id: string, change: Change): Promise<void> {
    const running = this.#settling.get(id) ?? this.#settleOnce(id, change).finally(() => this.#settling.delete(id));
    this.#settling.set(id, running);
    return running;
  }

  async #settleOnce(id: string, change: Change): Promise<void> {
    if (!this.#open.has(id)) return;
    const { journal, events } = this.#options;
    const note = await settleChange(change, this.#options);
    await events.record(async (db, report) => {
      await journal.strike(id, db);
      await note?.(db, report);
    });
    this.#open.delete(id);
  }
}

/** Whether it takes several calls to the store, so that it may have begun though one was refused. */
function hasSteps(change: Change): boolean {
  return change.kind === "arrived" && change.entry === "file" && change.at !== change.path;
}

function spelled(path: string): string {
  return path.normalize("NFC");
}

function uploadOf(change: Change): string | undefined {
  return change.kind === "arrived" && change.entry === "file" ? change.upload?.id : undefined;
}

/** What is held while a change is made. */
function pathsOf(change: Change): readonly string[] {
  if (change.kind === "moved") return [change.from, change.path];
  if (change.kind === "arrived" && change.entry === "file") return [change.at, change.path];
  return [change.path];
}
