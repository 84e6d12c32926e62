/** What one end has and the other has not. */

import { isTransferError, type TransferError } from "@naru/core";
import { type Difference, type DifferencesOptions, differences } from "../sync/differences.ts";
import type { CopyEnd } from "./copy-end.ts";
import { compareKeys, type Listed, OutOfOrder, orderedListing } from "./ordered-listing.ts";
import { syncFileOf } from "./store-side.ts";

export interface CopyDifferencesOptions extends Pick<DifferencesOptions, "differs" | "signal"> {
  readonly from: CopyEnd;
  readonly to: CopyEnd;
}

/**
 * Compare two ends. Two stores list their keys in one order, so that two flat listings are merged and memory holds a page of
 * each; where one end is a running Naru, folder by folder.
 */
export async function* copyDifferences(options: CopyDifferencesOptions): AsyncGenerator<Difference, void, undefined> {
  const { from, to, differs, signal } = options;
  if (from.isOrdered && to.isOrdered) {
    try {
      yield* merged(options);
      return;
    } catch (error) {
      if (signal.aborted || !isTransferError(error)) throw error;
      if (!(error instanceof OutOfOrder)) {
        yield unread(error);
        return;
      }
    }
  }
  // What was copied by then is the same now.
  yield* differences({ source: from.side, target: to.side, deletes: false, differs, signal });
}

async function* merged({ from, to, differs, signal }: CopyDifferencesOptions): AsyncGenerator<Difference> {
  const there = new Peeked(orderedListing(to.store, to.prefix, { signal }));
  for await (const { path, file } of orderedListing(from.store, from.prefix, { signal })) {
    const [found, next] = await there.seek(path);
    if (file === undefined) {
      // A folder with something in it is there.
      if (found === undefined && next?.path.startsWith(path) !== true) yield { kind: "folder", to: path.slice(0, -1) };
      continue;
    }
    const source = syncFileOf(file, path);
    const target = found?.file && syncFileOf(found.file, path);
    const verdict = target === undefined || (await differs(source, target, { from: path, to: path }));
    if (typeof verdict === "object") yield verdict;
    else if (!verdict) yield { kind: "same", from: path, file: source };
    else yield { kind: target ? "changed" : "new", from: path, to: path, file: source, there: target };
  }
}

/** A listing that is read as far as another one has come. */
class Peeked {
  readonly #listing: AsyncGenerator<Listed>;
  #next: Listed | undefined;
  #isBegun = false;

  constructor(listing: AsyncGenerator<Listed>) {
    this.#listing = listing;
  }

  /** What is listed at `path`, if anything, and else the first thing after it. */
  async seek(path: string): Promise<readonly [found: Listed | undefined, next: Listed | undefined]> {
    if (!this.#isBegun) await this.#read();
    this.#isBegun = true;
    while (this.#next !== undefined && compareKeys(this.#next.path, path) < 0) await this.#read();
    return [this.#next?.path === path ? this.#next : undefined, this.#next];
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#listing.next();
    this.#next = done ? undefined : value;
  }
}

function unread(error: TransferError): Difference {
  return { kind: "failed", error, isUnread: true };
}
