/** One of the two ends of a copy: a store, or a running Naru. */

import type { NaruApi, Network } from "@naru/client/node";
import { type Abortable, type Files, type Store, type StoredFile, toStoredFile } from "@naru/core";
import type { ServedStore } from "@naru/server";
import type { SyncFile, SyncSide } from "../sync/sync-side.ts";

/** The server of an end that is a running Naru. */
export interface NaruServer {
  readonly api: NaruApi;
  readonly network: Network;
  /** Files up to this size go many in a request. */
  readonly batchMaxSize: number;
}

export interface CopyEnd extends AsyncDisposable {
  /** What it is called, for people and in journals: without keys. */
  readonly name: string;
  /** What paths below it begin with: empty, or with a final `/`. */
  readonly prefix: string;
  readonly store: Store & Files & Partial<Pick<ServedStore, "checkPath" | "copierFrom">>;
  readonly side: SyncSide;
  /** Symbolic links below it, which no store follows: their paths. Only of a folder of this machine. */
  readonly links?: ((options: Abortable) => AsyncIterable<string>) | undefined;
  /** Listings are in the order of keys, and any key is as good as any other. A running Naru promises neither. */
  readonly isOrdered: boolean;
  readonly naru: NaruServer | undefined;
}

/** What the contract says of a file of a side. */
export function storedOf({ stored, wire, name, size, modifiedMs }: SyncFile): StoredFile {
  if (wire !== undefined) return toStoredFile(wire);
  // Only files of this machine have neither, and they are on no side of a copy.
  return stored ?? { path: name, size, etag: "", modified: new Date(modifiedMs) };
}
