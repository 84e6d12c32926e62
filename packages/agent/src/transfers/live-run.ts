/** Runs a transfer of the queue once, and writes down how it ended. */

import { isTransferError } from "@naru/core";
import { writePatiently } from "../full-disk.ts";
import type { LiveTransfer } from "./live-transfer.ts";
import { runSendJob, type SendJobOptions } from "./send-job.ts";
import type { TransferEntry } from "./transfer-table.ts";

export interface LiveRunOptions extends Pick<SendJobOptions, "openStore" | "throttled" | "signal"> {
  /** Write down what has changed; all of it or, when it throws, nothing. */
  readonly save: (change: Partial<TransferEntry>) => void;
  readonly notify: () => void;
  /** The far side does not answer any more, or answers again. */
  readonly onReach: () => void;
  readonly dropSpool: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** Run it to its end, or until the signal aborts. Never fails: a failure is one of its ends. */
export async function runLive(live: LiveTransfer, options: LiveRunOptions): Promise<void> {
  try {
    await toTheEnd(live, options);
  } catch (error) {
    live.awaiting = undefined;
    try {
      await endEarly(live, error, options);
    } catch (cause) {
      // The journal still has it as under way, and so it goes on at the next start.
      if (!options.signal.aborted) options.log(`transfer ${live.entry.id} stops: ${whatOf(cause).message}`);
    }
  }
}

async function toTheEnd(live: LiveTransfer, options: LiveRunOptions): Promise<void> {
  await runJob(live, options);
  const done = { state: "done", ended: Date.now(), confirmed: live.entry.size } as const;
  await saveSurely(live, { ...done, upload: undefined, completing: undefined }, options);
  await options.dropSpool();
  options.log(`transfer ${live.entry.id} done`);
}

async function runJob(live: LiveTransfer, options: LiveRunOptions): Promise<void> {
  const { openStore, throttled, signal, notify, onReach, log } = options;
  let said: string | undefined;
  const change = (make: () => void): void => {
    const wasOffline = live.isOffline;
    make();
    notify();
    const { error } = live.view;
    if (live.isOffline && error !== undefined && error.message !== said) {
      said = error.message;
      log(`transfer ${live.entry.id} waits ${error.code}`);
    }
    if (live.isOffline !== wasOffline) onReach();
  };
  await runSendJob(live.entry, {
    openStore,
    throttled,
    signal,
    spool: live.spool,
    onCreated: (upload) => saveSurely(live, { upload, completing: undefined }, options),
    onCompleting: () => saveSurely(live, { completing: true }, options),
    onOffline: (error) =>
      change(() => {
        live.awaiting = error;
      }),
    onProgress: (progress) =>
      change(() => {
        live.awaiting = undefined;
        live.progress = progress;
      }),
  });
}

async function endEarly(live: LiveTransfer, reason: unknown, options: LiveRunOptions): Promise<void> {
  const confirmed = live.progress?.confirmed ?? live.entry.confirmed;
  if (options.signal.aborted) return confirmed === live.entry.confirmed ? undefined : options.save({ confirmed });
  // It has ended; only its spool could not be removed, which the next start does.
  if (live.entry.state === "done") return;
  const error = whatOf(reason);
  options.log(`transfer ${live.entry.id} failed ${error.code}`);
  if (error.code === "checksum-mismatch" && live.spool !== undefined) {
    await live.spool.verify();
    // What the disk has spoilt is fed again.
    if (live.spool.unfed > 0) return;
  }
  await saveSurely(live, { state: "failed", ended: Date.now(), confirmed, error }, options);
}

/** Write down what must not be forgotten: a full disk makes the transfer wait, and its view tells why. */
async function saveSurely(live: LiveTransfer, change: Partial<TransferEntry>, options: LiveRunOptions): Promise<void> {
  const { signal, save, notify, log } = options;
  const hinder = (hindrance: LiveTransfer["hindrance"]): void => {
    live.hindrance = hindrance;
    notify();
  };
  const onRefused = (error: unknown): void => {
    hinder(whatOf(error));
    log(`transfer ${live.entry.id} waits: ${whatOf(error).message}`);
  };
  await writePatiently(() => save(change), { signal, onRefused }).finally(() => hinder(undefined));
}

function whatOf(reason: unknown): NonNullable<TransferEntry["error"]> {
  if (isTransferError(reason)) return { code: reason.code, message: reason.message };
  return { code: "internal", message: reason instanceof Error ? reason.message : String(reason) };
}
