import { type Abortable, type ConflictPolicy, type Files, renamed, TransferError } from "@naru/core";

export interface PathClaimsOptions {
  readonly files: Pick<Files, "stat">;
  /** Whether an unfinished upload is on its way to a path. */
  readonly isAwaited: (path: string) => Promise<boolean>;
}

export interface ClaimOptions extends Abortable {
  readonly files?: Pick<Files, "stat"> | undefined;
}

export interface PathClaim extends Disposable {
  readonly path: string;
}

/** Chooses the path an upload will have. A claim holds until it is disposed of, when the ledger knows the path. */
export class PathClaims {
  readonly #held = new Set<string>();
  readonly #files: Pick<Files, "stat">;
  readonly #isAwaited: (path: string) => Promise<boolean>;

  constructor({ files, isAwaited }: PathClaimsOptions) {
    this.#files = files;
    this.#isAwaited = isAwaited;
  }

  /**
   * Claim a path, or the next free one. `options.files` answers what is there in place of the store.
   *
   * @throws {TransferError} `conflict` if the policy is `fail` and there is a file
   */
  async claim(path: string, policy: ConflictPolicy, options: ClaimOptions = {}): Promise<PathClaim> {
    if (policy === "overwrite") return { path, [Symbol.dispose]: () => undefined };
    if (policy === "fail") {
      await this.refuseTaken(path, options);
      return { path, [Symbol.dispose]: () => undefined };
    }
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

  /** @throws {TransferError} `conflict` if there is a file at `path` */
  async refuseTaken(path: string, { files = this.#files, signal }: ClaimOptions = {}): Promise<void> {
    if (await files.stat(path, { signal })) throw taken(path);
  }

  async #isFree(path: string, { files = this.#files, signal }: ClaimOptions): Promise<boolean> {
    return !(await this.#isAwaited(path)) && (await files.stat(path, { signal })) === undefined;
  }
}

/** Make the error of a path that has a file. */
export function taken(path: string): TransferError {
  return new TransferError("conflict", `Cannot write "${path}": there is already a file with this name`);
}
