/** What one side has and the other has not, folder by folder, so that memory holds a few folders and not the whole tree. */

import { isTransferError, TransferError } from "@naru/core";
import { lookInto, type Seen } from "./seen.ts";
import type { FolderContent, SyncFile, SyncSide } from "./sync-side.ts";
import { keyOf, pathIn } from "./sync-side.ts";

/** Something to do, or to say. Paths are relative; `to` is spelt as the target has it. */
export type Difference =
  | {
      readonly kind: "new" | "changed";
      readonly from: string;
      readonly to: string;
      readonly file: SyncFile;
      readonly there: SyncFile | undefined;
    }
  | { readonly kind: "same"; readonly from: string; readonly file: SyncFile }
  | { readonly kind: "folder"; readonly to: string }
  /** In the way of what follows; `extra` only once all else is done. */
  | { readonly kind: "obstacle" | "extra"; readonly to: string; readonly seen: Seen }
  | { readonly kind: "left"; readonly from: string; readonly why: string }
  | { readonly kind: "failed"; readonly error: TransferError; readonly isUnread: boolean };

export interface DifferencesOptions {
  readonly source: SyncSide;
  readonly target: SyncSide;
  /** What the target has and the source has not is told too. */
  readonly deletes: boolean;
  /** Whether a file is carried though the target has one; or what is to be said of it in place of that. */
  readonly differs: (
    source: SyncFile,
    target: SyncFile,
    place: Pick<FolderPair, "from" | "to">,
  ) => Promise<boolean | Difference>;
  readonly signal: AbortSignal;
}

interface FolderPair {
  readonly from: string;
  readonly to: string;
  /** Whether the target has it. */
  readonly exists: boolean;
}

interface Compared {
  readonly differences: readonly Difference[];
  readonly folders: readonly FolderPair[];
}

const foldersAtOnce = 8;

/** Compare two folders with all that is in them. */
export async function* differences(options: DifferencesOptions): AsyncGenerator<Difference, void, undefined> {
  const waiting: FolderPair[] = [{ from: "", to: "", exists: true }];
  const comparing: Promise<Compared>[] = [];
  for (;;) {
    while (comparing.length < foldersAtOnce) {
      const pair = waiting.pop();
      if (pair === undefined) break;
      const compared = compare(pair, options);
      // Whoever stops asking for more does not wait for these.
      compared.catch(() => undefined);
      comparing.push(compared);
    }
    const compared = await comparing.shift();
    if (compared === undefined) return;
    for (const folder of compared.folders) waiting.push(folder);
    yield* compared.differences;
  }
}

async function compare(pair: FolderPair, options: DifferencesOptions): Promise<Compared> {
  const { source, target, signal } = options;
  try {
    const content = await source.read(pair.from, { signal });
    if (content === undefined) throw new TransferError("not-found", `Cannot read "${pair.from}": it is gone`);
    const there = pair.exists ? await target.read(pair.to, { signal }) : undefined;
    return await new FolderComparison(pair, content, there, options).run();
  } catch (error) {
    if (signal.aborted || !isTransferError(error)) throw error;
    return { differences: [{ kind: "failed", error, isUnread: true }], folders: [] };
  }
}

class FolderComparison {
  readonly #pair: FolderPair;
  readonly #content: FolderContent;
  readonly #there: FolderContent | undefined;
  readonly #options: DifferencesOptions;
  readonly #differences: Difference[] = [];
  readonly #folders: FolderPair[] = [];

  constructor(pair: FolderPair, content: FolderContent, there: FolderContent | undefined, options: DifferencesOptions) {
    this.#pair = pair;
    this.#content = content;
    this.#there = there;
    this.#options = options;
  }

  async run(): Promise<Compared> {
    const { files, folders, unfit, parts } = this.#content;
    for (const { name, why, isFailure } of unfit.values()) this.#leave(name, why, isFailure);
    for (const name of parts.keys()) this.#leave(name, "it belongs to an unfinished download", false);
    for (const [key, file] of files) await this.#file(key, file);
    for (const [key, name] of folders) await this.#folder(key, name);
    const isEmpty = files.size === 0 && folders.size === 0;
    if (isEmpty && this.#there === undefined) this.#differences.push({ kind: "folder", to: this.#pair.to });
    if (this.#options.deletes && this.#there !== undefined) await this.#extras(this.#there);
    return { differences: this.#differences, folders: this.#folders };
  }

  async #file(key: string, file: SyncFile): Promise<void> {
    const from = pathIn(this.#pair.from, file.name);
    const there = this.#there?.files.get(key);
    const to = pathIn(this.#pair.to, there?.name ?? file.name.normalize("NFC"));
    if (!(await this.#isClear(key, { from, to, blocking: "folder" }))) return;
    if (there === undefined) {
      this.#differences.push({ kind: "new", from, to, file, there });
      return;
    }
    const verdict = await this.#options.differs(file, there, { from, to });
    if (typeof verdict === "object") this.#differences.push(verdict);
    else if (verdict) this.#differences.push({ kind: "changed", from, to, file, there });
    else this.#differences.push({ kind: "same", from, file });
  }

  async #folder(key: string, name: string): Promise<void> {
    const from = pathIn(this.#pair.from, name);
    const there = this.#there?.folders.get(key);
    const to = pathIn(this.#pair.to, there ?? name.normalize("NFC"));
    if (await this.#isClear(key, { from, to, blocking: "file" }))
      this.#folders.push({ from, to, exists: there !== undefined });
  }

  /** Whether something can go to its place at the target. */
  async #isClear(
    key: string,
    { from, to, blocking }: { readonly from: string; readonly to: string; readonly blocking: "file" | "folder" },
  ): Promise<boolean> {
    const error = this.#options.target.fault(to);
    if (error !== undefined) {
      this.#differences.push({ kind: "failed", error, isUnread: false });
      return false;
    }
    const unfit = this.#there?.unfit.get(key);
    if (unfit !== undefined) return this.#fail(from, `what has its name at the other side stays: ${unfit.why}`);
    const file = blocking === "file" ? this.#there?.files.get(key) : undefined;
    if (file === undefined && !(blocking === "folder" && this.#there?.folders.has(key) === true)) return true;
    if (!this.#options.deletes)
      return this.#fail(from, `a ${blocking} has its name at the other side; --delete removes it`);
    if (file !== undefined) this.#differences.push({ kind: "obstacle", to, seen: { isFolder: false, file } });
    else await this.#tooMuch("obstacle", to);
    return true;
  }

  async #extras(there: FolderContent): Promise<void> {
    const { files, folders, unfit } = this.#content;
    const isKept = (key: string): boolean => files.has(key) || folders.has(key) || unfit.has(key);
    const extra = (file: SyncFile): void => {
      const to = pathIn(this.#pair.to, file.name);
      this.#differences.push({ kind: "extra", to, seen: { isFolder: false, file } });
    };
    for (const [key, file] of there.files) if (!isKept(key)) extra(file);
    for (const [key, name] of there.folders) {
      if (!isKept(key)) await this.#tooMuch("extra", pathIn(this.#pair.to, name));
    }
    for (const { file, of } of there.parts.values()) if (!files.has(of)) extra(file);
    for (const { name, why } of there.unfit.values()) {
      if (!isKept(keyOf(name))) this.#differences.push({ kind: "left", from: pathIn(this.#pair.to, name), why });
    }
  }

  /** A folder of the target that is to go, unless it holds what no sync carries. */
  async #tooMuch(kind: "obstacle" | "extra", to: string): Promise<void> {
    const { target, signal } = this.#options;
    try {
      const { digest, unfit } = await lookInto(target, to, { signal });
      if (unfit === undefined) this.#differences.push({ kind, to, seen: { isFolder: true, digest } });
      else this.#differences.push({ kind: "left", from: to, why: `"${unfit.path}" is in it, and ${unfit.why}` });
    } catch (error) {
      if (signal.aborted || !isTransferError(error)) throw error;
      this.#differences.push({ kind: "failed", error, isUnread: false });
    }
  }

  #leave(name: string, why: string, isFailure: boolean): void {
    const from = pathIn(this.#pair.from, name);
    if (isFailure) this.#fail(from, why);
    else this.#differences.push({ kind: "left", from, why });
  }

  #fail(from: string, why: string): false {
    const error = new TransferError("invalid", `Cannot sync "${from}": ${why}`);
    this.#differences.push({ kind: "failed", error, isUnread: false });
    return false;
  }
}
