import { setTimeout as sleep } from "node:timers/promises";
import { type Abortable, isHidden, TransferError } from "@naru/core";
import type { Caller } from "./file-events.ts";
import { FolderMove } from "./folder-move.ts";
import { wordsOf } from "./folder-move-words.ts";
import type { FolderMovesOptions } from "./folder-moves-options.ts";
import type { MoveState } from "./move-progress.ts";

/** For so long a rename that failed in part may be asked for again although its target is there. */
const failedMs = 24 * 60 * 60_000;

interface WhichMove {
  readonly from: string;
  readonly to: string;
  /** Whether it is a copy: what is at `from` stays. */
  readonly copies: boolean;
}

interface WhoMoves extends Abortable {
  readonly by: Caller;
  readonly entry?: FolderMove["entry"];
  /** Whether a file at the target is replaced. */
  readonly replace?: boolean | undefined;
}

/**
 * Renames and copies folders, for every door. Where a store has no folders that is a copy of each file, which may take minutes: once
 * begun it is in the journal, and is done whether its client waits or not, by the next process if need be. Meanwhile its
 * files are seen under the old name or the new one; a file that comes into the old folder stays there.
 */
export class FolderMoves {
  readonly #options: FolderMovesOptions;
  readonly #running = new Map<FolderMove, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: FolderMovesOptions) {
    this.#options = options;
  }

  /**
   * Rename a folder, or join the rename of the same names that runs; resolves when it is done. A caller that leaves by the signal
   * does not end it. After a failure in part the same call moves the rest.
   *
   * @throws {TransferError} `not-found`; `invalid` if the target is inside it; `conflict` if something is at the target, or
   *   another folder on its way has to do with either name; what kept files where they are; what the store answers when it
   *   is away for long, though the rename continues
   */
  async move(from: string, to: string, options: WhoMoves): Promise<void> {
    await this.#run({ from, to, copies: false }, options);
  }

  /** The same for a copy; of a single file, too, where that takes long. */
  async copy(from: string, to: string, options: WhoMoves): Promise<void> {
    await this.#run({ from, to, copies: true }, options);
  }

  async #run(which: WhichMove, { by, entry = "folder", replace, signal }: WhoMoves): Promise<void> {
    const same = this.#find(which);
    if (same) return same.wait({ signal });
    this.refuseOverlap(which.from, which.to);
    await this.#start({ ...which, by, entry, replace }).wait({ signal });
  }

  /** Those that run, of one account or all. */
  list(account?: string): readonly MoveState[] {
    const states = [...this.#running.keys()].flatMap((move) => (move.isOver ? [] : (move.state ?? [])));
    return states.filter(({ by }) => account === undefined || by.account === account);
  }

  /** Stop one for good; `false` if none of this id runs. */
  cancel(id: string): boolean {
    const move = [...this.#running.keys()].find((one) => !one.isOver && one.state?.id === id);
    move?.cancel();
    return move !== undefined;
  }

  /** Whether this rename runs or has failed in part, so that asking for it again is no clash with what is at its target. */
  async isBegun({ from, to, copies }: WhichMove): Promise<boolean> {
    if (this.#find({ from, to, copies }) !== undefined) return true;
    const which = { source: from, target: to, copies: copies ? 1 : 0 } as const;
    return (await this.#options.folderMoves.find(which)) !== undefined;
  }

  /** @throws {TransferError} `conflict` if a folder that is on its way has to do with one of the paths */
  refuseOverlap(...paths: readonly string[]): void {
    for (const move of this.#running.keys()) {
      const { from, to } = move;
      const met = paths.find((path) => [from, to].some((folder) => isWithin(path, folder) || isWithin(folder, path)));
      if (met === undefined) continue;
      throw new TransferError("conflict", `Cannot change "${isHidden(met) ? to : met}" now: ${wordsOf(move).running}`);
    }
  }

  /** Resume what an earlier process began; returns when that runs. */
  async resume(): Promise<void> {
    const { folderMoves, now } = this.#options;
    await folderMoves.forgetFailed(now() - failedMs);
    for (const { account, copies, door, id, replaces, source, target } of await folderMoves.listOpen()) {
      const which = { from: source, to: target, by: { account, door }, copies: copies === 1 };
      // Nobody waits for its end.
      void this.#start({ ...which, entry: "folder", id, replaces: replaces ?? undefined })
        .wait({})
        .catch(() => undefined);
    }
  }

  /** Stop; what is left to do is in the journal. */
  async close(): Promise<void> {
    this.#closing.abort(
      new TransferError(
        "unavailable",
        "Cannot move the folder now: the server is shutting down and will finish it later",
      ),
    );
    await Promise.all(this.#running.values());
  }

  #find({ from, to, copies }: WhichMove): FolderMove | undefined {
    const isSame = (move: FolderMove): boolean => move.from === from && move.to === to && move.copies === copies;
    return [...this.#running.keys()].find((move) => isSame(move) && !move.isOver);
  }

  #start(which: StartedMove): FolderMove {
    const { signal } = this.#closing;
    const nap = async (ms: number, options: Abortable): Promise<void> => {
      await sleep(ms, undefined, { ...(options.signal && { signal: options.signal }), ref: false });
    };
    const { patienceMs = 120_000 } = this.#options;
    const move = new FolderMove({ ...this.#options, ...which, patienceMs, sleep: nap });
    this.#running.set(
      move,
      move.run({ signal }).finally(() => this.#running.delete(move)),
    );
    return move;
  }
}

interface StartedMove extends Pick<FolderMove, "from" | "to" | "by" | "copies" | "entry"> {
  readonly id?: string;
  readonly replace?: boolean | undefined;
  readonly replaces?: string | undefined;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
