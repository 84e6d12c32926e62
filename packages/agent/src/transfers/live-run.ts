/** Runs a transfer of the queue once, and writes down how it ended. */

import { isTransferError } from "@naru/core";
import { type ErrandOptions, runErrand } from "./errand.ts";
import type { LiveTransfer } from "./live-transfer.ts";
import type { TransferEntry } from "./transfer-table.ts";

export interface LiveRunOptions extends Pick<ErrandOptions, "openStore" | "throttled" | "signal"> {
  readonly save: (change: Partial<TransferEntry>) => void;
  readonly tell: () => void;
  /** The far side does not answer any more, or answers again. */
  readonly onReach: () => void;
  readonly dropSpool: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** Run it to its end, or until the signal aborts. Never fails: a failure is one of its ends. */
export async function runLive(live: LiveTransfer, options: LiveRunOptions): Promise<void> {
  const { signal, save, log } = options;
  try {
    await errandOf(live, options);
    save({ state: "done", ended: Date.now(), confirmed: live.entry.size, upload: undefined, completing: undefined });
    await options.dropSpool();
    log(`transfer ${live.entry.id} done`);
  } catch (error) {
    live.awaiting = undefined;
    if (!signal.aborted) await failed(live, error, options);
    else if (live.progress !== undefined) save({ confirmed: live.progress.confirmed });
  }
}

async function errandOf(live: LiveTransfer, options: LiveRunOptions): Promise<void> {
  const { openStore, throttled, signal, save, tell, onReach, log } = options;
  let said: string | undefined;
  const change = (make: () => void): void => {
    const wasOffline = live.isOffline;
    make();
    tell();
    const { error } = live.view;
    if (live.isOffline && error !== undefined && error.message !== said) {
      said = error.message;
      log(`transfer ${live.entry.id} waits ${error.code}`);
    }
    if (live.isOffline !== wasOffline) onReach();
  };
  await runErrand(live.entry, {
    openStore,
    throttled,
    signal,
    spool: live.spool,
    onCreated: (upload) => save({ upload, completing: undefined }),
    onCompleting: () => save({ completing: true }),
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

async function failed(live: LiveTransfer, reason: unknown, { save, log }: LiveRunOptions): Promise<void> {
  const said = reason instanceof Error ? reason.message : String(reason);
  const { code, message } = isTransferError(reason) ? reason : { code: "internal" as const, message: said };
  log(`transfer ${live.entry.id} failed ${code}`);
  if (code === "checksum-mismatch" && live.spool !== undefined) {
    await live.spool.verify();
    // What the disk has spoilt is fed again.
    if (live.spool.unfed > 0) return;
  }
  const confirmed = live.progress?.confirmed ?? live.entry.confirmed;
  save({ state: "failed", ended: Date.now(), confirmed, error: { code, message } });
}
