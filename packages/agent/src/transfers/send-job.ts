/** One run of one transfer: opens both sides, lets the engine go, and tells what the far side has. */

import { openFileSource, systemClock } from "@naru/client/node";
import {
  type Abortable,
  isTransferError,
  type Progress,
  patientPolicy,
  type RetryPolicy,
  retrying,
  type Store,
  type StoredFile,
  Transfer,
  TransferError,
} from "@naru/core";
import { digestBody } from "../spool/digest-body.ts";
import type { Spool } from "../spool/spool.ts";
import type { OpenedStore, OpenStore } from "./open-store.ts";
import { recordingStore } from "./recording-store.ts";
import type { TransferEntry } from "./transfer-table.ts";

/** What a long line with losses takes; stores say when they take fewer (`Upload.maxInFlight`). */
const partsAtOnce = 24;
/** Servers keep whole seconds, some only even ones. */
const dateSlackMs = 2000;
const farSidePolicy: RetryPolicy = { ...patientPolicy, firstMs: 1000, longestMs: 60_000, jitter: 0.5 };

export interface SendJobOptions {
  readonly openStore: OpenStore;
  /** Holds all transfers to the user's speed. */
  readonly throttled: (store: Store) => Store;
  /** Absent when the agent opens the file itself. */
  readonly spool: Spool | undefined;
  readonly signal: AbortSignal;
  /** The upload was made; called before it is used. */
  readonly onCreated: (upload: string) => Promise<void>;
  /** All parts are there; called before the far side is told to complete. */
  readonly onCompleting: () => Promise<void>;
  readonly onProgress: (progress: Progress) => void;
  /** The far side does not answer yet. */
  readonly onOffline: (error: TransferError) => void;
}

/** Send a file to the end; when the signal aborts, what has arrived stays at the far side. */
export async function runSendJob(entry: TransferEntry, options: SendJobOptions): Promise<StoredFile> {
  const { spool, signal, onProgress } = options;
  await using file = spool === undefined ? await openUnchanged(entry) : undefined;
  await using opened = await patiently(() => options.openStore(entry.to, { signal }), options);
  const source = spool?.source ?? file;
  if (source === undefined)
    throw new TransferError("internal", `Cannot send "${entry.name}": there is nothing to read`);
  const spec = {
    path: `${opened.prefix}${entry.path}`,
    size: entry.size,
    partSize: entry.partSize,
    type: entry.type,
    modified: new Date(entry.modifiedMs),
  };
  const arrived = () => findArrived(entry, opened, { signal });
  if (entry.completing) {
    const isGone = async () => !(await isOpen(entry, opened, { signal }));
    const file = await patiently(async () => ((await isGone()) ? arrived() : undefined), options);
    if (file !== undefined) return file;
  }
  const { size } = entry;
  const completing = entry.completing ? entry.upload : undefined;
  const store = recordingStore(options.throttled(opened.store), { ...options, size, completing, arrived });
  let known = entry.upload;
  const transfer = new Transfer(source, store, spec, {
    clock: systemClock,
    random: Math.random,
    digest: spool?.digest ?? digestBody,
    resume: entry.upload,
    maxConcurrency: partsAtOnce,
    initialConcurrency: opened.initialConcurrency,
    probe: opened.probe,
    onUpload: async ({ id }) => {
      if (id === known) return;
      known = id;
      await options.onCreated(id);
    },
    onProgress,
  });
  // Awaited here: what it reads and writes to is closed when this returns.
  return await transfer.run({ signal });
}

/** Tell whether the upload is still one that can be gone on with. */
async function isOpen({ upload = "" }: TransferEntry, { store }: OpenedStore, options: Abortable): Promise<boolean> {
  try {
    await store.resume(upload, options);
    return true;
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return false;
    throw error;
  }
}

/** Find the file where an upload was completed whose answer never came: of its size, and of its date or new. */
async function findArrived(
  { path, size, modifiedMs, created }: TransferEntry,
  { files, prefix }: OpenedStore,
  options: Abortable,
): Promise<StoredFile | undefined> {
  const file = await files.stat(`${prefix}${path}`, options);
  if (file?.size !== size) return undefined;
  const date = file.modified.getTime();
  return Math.abs(date - modifiedMs) < dateSlackMs || date > created ? file : undefined;
}

/** Forget the upload of a transfer at the far side. */
export async function abandon(
  { to, upload: id }: Pick<TransferEntry, "to" | "upload">,
  open: OpenStore,
  options: Abortable,
): Promise<void> {
  if (id === undefined) return;
  await using opened = await open(to, options);
  try {
    const upload = await opened.store.resume(id, options);
    await upload.abort(options);
  } catch (error) {
    if (!isTransferError(error) || error.code !== "not-found") throw error;
  }
}

/** @throws {TransferError} `file-changed` when it is not the file that was put in the queue */
async function openUnchanged({ file = "", size, modifiedMs }: TransferEntry): ReturnType<typeof openFileSource> {
  const source = await openFileSource(file);
  if (source.facts.size === size && source.facts.modifiedMs === modifiedMs) return source;
  await source[Symbol.asyncDispose]();
  throw new TransferError("file-changed", `Cannot send "${file}": it was changed since it was put in the queue`);
}

/** Ask the far side as long as it does not answer. */
function patiently<T>(call: () => Promise<T>, { signal, onOffline }: SendJobOptions): Promise<T> {
  return retrying(call, farSidePolicy, {
    signal,
    random: Math.random,
    wait: async (ms, error, options) => {
      onOffline(error);
      await systemClock.sleep(ms, options);
    },
  });
}
