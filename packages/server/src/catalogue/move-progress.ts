import type { BegunCopy, CopyResume, Store, TransferError } from "@naru/core";
import type { Log } from "../log.ts";
import type { Caller } from "./file-events.ts";
import type { FolderMoveLedger } from "./folder-move-ledger.ts";

/** How far the move of a file or folder is. */
export interface MoveState extends MoveAmounts {
  readonly id: string;
  readonly by: Caller;
  readonly from: string;
  readonly to: string;
  readonly copies: boolean;
  readonly entry: "file" | "folder";
}

interface MoveAmounts {
  /** Copied of the files that are on their way. */
  readonly bytes: number;
  /** Of a single file, as it was when this process began. */
  readonly size?: number | undefined;
  /** Files that are there, and in all. */
  readonly files: number;
  readonly ofFiles: number;
}

export interface MoveProgressOptions {
  readonly folderMoves: FolderMoveLedger;
  readonly store: Store;
  readonly log: Log;
  /** Hears why a copy waits, and when it does no longer. */
  readonly onWait: (error: TransferError | undefined) => void;
}

/** How far a move is, and what another run needs to resume the copies of its large files. */
export class MoveProgress {
  readonly #options: MoveProgressOptions;
  readonly #begun = new Map<string, BegunCopy>();
  readonly #bytes = new Map<string, number>();
  /** Paths in all, and those that are left. */
  total = 0;
  left = 0;
  /** Of a single file. */
  size: number | undefined;

  constructor(options: MoveProgressOptions) {
    this.#options = options;
  }

  get amounts(): MoveAmounts {
    const bytes = [...this.#bytes.values()].reduce((sum, one) => sum + one, 0);
    return { bytes, size: this.size, files: this.total - this.left, ofFiles: this.total };
  }

  /** Take up what an earlier process began. */
  async load(id: string): Promise<void> {
    for (const [path, begun] of await this.#options.folderMoves.begun(id)) this.#begun.set(path, begun);
  }

  /** What the copy of one file remembers. */
  resumeOf(id: string, path: string): CopyResume {
    const { folderMoves, onWait } = this.#options;
    return {
      begun: this.#begun.get(path),
      onBegun: async (begun) => {
        await folderMoves.noteBegun(id, path, begun);
        this.#begun.set(path, begun);
      },
      onProgress: (bytes, error) => {
        this.#bytes.set(path, bytes);
        onWait(error);
      },
    };
  }

  /** A file is where it belongs. */
  done(path: string): void {
    this.#begun.delete(path);
    this.#bytes.delete(path);
    this.left -= 1;
  }

  /** Note that it failed; no parts are left at the store. */
  async giveUp(id: string): Promise<void> {
    const { folderMoves, log, store } = this.#options;
    await folderMoves.fail(id).catch((error: unknown) => log.warn({ err: error }, "cannot note that a move failed"));
    for (const { upload } of this.#begun.values()) {
      const abort = async (): Promise<void> => (await store.resume(upload)).abort();
      await abort().catch((error: unknown) => log.info({ err: error }, "cannot remove the parts of a copy"));
    }
  }
}
