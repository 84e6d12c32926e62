import { type Abortable, type ConflictPolicy, renamed, type StoredFile, TransferError } from "@naru/core";
import { belowFile, type ClashFiles, fileAbove, namedLikeFolder } from "./clashes.ts";

export interface PathClaimsOptions {
  readonly files: ClashFiles;
  readonly now: () => number;
  /** Whether an unfinished upload is on its way to a path. */
  readonly isAwaited: (path: string) => Promise<boolean>;
}

export interface ClaimOptions extends Abortable {
  readonly files?: ClashFiles | undefined;
}

/** For so long a folder is not looked at again: a batch asks of few folders many times. */
const lookedMs = 2000;
const mostFolders = 1000;

export interface PathClaim extends Disposable {
  readonly path: string;
}

/** Chooses the path an upload will have. A claim holds until it is disposed of, when the ledger knows the path. */
export class PathClaims {
  readonly #held = new Set<string>();
  readonly #files: ClashFiles;
  readonly #now: () => number;
  /** What lies above the files of a folder, and until when that is believed. */
  readonly #above = new Map<string, { readonly until: number; readonly file: Promise<StoredFile | undefined> }>();
  readonly #isAwaited: (path: string) => Promise<boolean>;

  constructor({ files, isAwaited, now }: PathClaimsOptions) {
    this.#files = files;
    this.#now = now;
    this.#isAwaited = isAwaited;
  }

  /**
   * Claim a path, or the next free one. `options.files` answers what is there in place of the store.
   *
   * @throws {TransferError} `conflict` if the policy is `fail` and there is a file, if it would lie below a file, and
   *   unless the policy is `rename` if there is a folder of that name
   */
  async claim(path: string, policy: ConflictPolicy, options: ClaimOptions = {}): Promise<PathClaim> {
    const { files = this.#files, signal } = options;
    const doing = `write "${path}"`;
    const [above, folder] = await Promise.all([
      this.#fileAbove(path, options),
      policy !== "rename" && files.folders?.has(path, { signal }),
      policy === "fail" ? this.refuseTaken(path, options) : undefined,
    ]);
    if (above) throw belowFile({ doing }, above);
    if (folder) throw namedLikeFolder({ doing });
    if (policy !== "rename") return { path, [Symbol.dispose]: () => undefined };
    for (let count = 1; count < 10_000; count++) {
      const name = count === 1 ? path : renamed(path, count);
      if (this.#held.has(name)) continue;
      this.#held.add(name);
      const free = await this.#isFree(name, options).catch((error: unknown) => {
        this.#held.delete(name);
        throw error;
      });
      if (free) return { path: name, [Symbol.dispose]: () => this.#held.delete(name) };
      this.#held.delete(name);
    }
    throw new TransferError("conflict", `Cannot find a free name for "${path}": too many are taken`);
  }

  /**
   * Look at what has a path, without claiming it.
   *
   * @throws {TransferError} `conflict` if it would lie below a file
   */
  async look(path: string, options: ClaimOptions = {}): Promise<"file" | "folder" | "upload" | undefined> {
    const { files = this.#files, signal } = options;
    const [above, file, folder, isAwaited] = await Promise.all([
      this.#fileAbove(path, options),
      files.stat(path, { signal }),
      files.folders?.has(path, { signal }),
      this.#isAwaited(path),
    ]);
    if (above) throw belowFile({ doing: `write "${path}"` }, above);
    if (file) return "file";
    if (folder) return "folder";
    return isAwaited || this.#held.has(path) ? "upload" : undefined;
  }

  /** @throws {TransferError} `conflict` if there is a file at `path` */
  async refuseTaken(path: string, { files = this.#files, signal }: ClaimOptions = {}): Promise<void> {
    if (await files.stat(path, { signal })) throw taken(path);
  }

  async #isFree(path: string, { files = this.#files, signal }: ClaimOptions): Promise<boolean> {
    const [isAwaited, file, isFolder] = await Promise.all([
      this.#isAwaited(path),
      files.stat(path, { signal }),
      files.folders?.has(path, { signal }),
    ]);
    return !isAwaited && file === undefined && isFolder !== true;
  }

  #fileAbove(path: string, { files = this.#files }: ClaimOptions): Promise<StoredFile | undefined> {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const known = this.#above.get(folder);
    if (known && known.until > this.#now()) return known.file;
    if (this.#above.size >= mostFolders) this.#above.clear();
    // Not for one caller alone, so its end does not end it.
    const file = fileAbove(files, path, {});
    this.#above.set(folder, { until: this.#now() + lookedMs, file });
    const forget = (): void => void this.#above.delete(folder);
    file.then((found) => found && forget(), forget);
    return file;
  }
}

/** Make the error of a path that has a file. */
export function taken(path: string): TransferError {
  return new TransferError("conflict", `Cannot write "${path}": there is already a file with this name`);
}
