/** `naru copy`: bring what one store or running Naru has to another one, without removing anything. */

import { systemClock } from "@naru/client";
import { bytesBudget, MiB, pace } from "@naru/core";
import { exitCodes } from "../exit-code.ts";
import { interruptSignal } from "../interrupt.ts";
import { openProgress } from "../progress.ts";
import { remoteOf } from "../remote.ts";
import { batchBytes, type SpeedLimit, sharing } from "../speed-limit.ts";
import { SyncReport } from "../sync/sync-report.ts";
import { SyncRun } from "../sync/sync-run.ts";
import { copyCarrier } from "./copy-carrier.ts";
import { type CopyConflict, copyComparison } from "./copy-comparison.ts";
import { copyDifferences } from "./copy-differences.ts";
import type { CopyEnd } from "./copy-end.ts";
import { withRefusedNames } from "./copy-plan.ts";
import { prefixOf } from "./end-options.ts";
import { refuseNested } from "./nested-ends.ts";
import { openEnd } from "./open-end.ts";

export interface CopyCommand {
  readonly prefix?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly conflict: CopyConflict;
  readonly transfers?: number | undefined;
  readonly limit?: SpeedLimit;
  readonly verify?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Bytes pass through this machine, and small files are held in its memory. */
const filesThrough = 16;
/** A call each, and the service does the rest. */
const filesWithin = 64;
const partsAtOnce = 8;
const heldBytes = 128 * MiB;

/** Copy what `from` has and `to` has not. One file that fails does not stop the others. */
export async function copy(from: string, to: string, command: CopyCommand): Promise<void> {
  const { limit, env } = command;
  const signal = interruptSignal();
  const prefix = prefixOf(command.prefix ?? "");
  refuseNested(from, to, prefix);
  await using source = await openEnd(from, { role: "FROM", prefix, env, limit, signal });
  await using target = await openEnd(to, { role: "TO", prefix, env, limit, signal, dryRun: command.dryRun });
  await run(source, target, { command, signal });
  signal.throwIfAborted();
}

interface RunOptions {
  readonly command: CopyCommand;
  readonly signal: AbortSignal;
}

async function run(from: CopyEnd, to: CopyEnd, { command, signal }: RunOptions): Promise<void> {
  const { conflict, dryRun = false, json = false, limit, transfers, verify = false, env } = command;
  const copier = await to.store.copierFrom?.(from.store);
  const progress = openProgress();
  const report = new SyncReport({ progress, signal, json, dryRun, direction: "copy" });
  const carrier = copyCarrier({
    from,
    to,
    copier,
    progress,
    signal,
    verify,
    json,
    outcomes: report,
    stateFolder: remoteOf({ ...env, NARU_URL: undefined }).stateFolder,
    pass: pace({ clock: systemClock, bytesPerSecond: () => limit }),
    budget: bytesBudget(heldBytes),
    filesAtOnce: transfers ?? (copier === undefined ? sharing(limit, filesThrough) : filesWithin),
    partsAtOnce: sharing(limit, partsAtOnce),
    batchBytes: batchBytes(limit),
  });
  const differs = copyComparison({ from, to, conflict, signal });
  const found = copyDifferences({ from, to, differs, signal });
  try {
    for await (const path of from.links?.({ signal }) ?? []) report.left(path, "it is a symbolic link");
    await new SyncRun({
      source: from.side,
      target: to.side,
      found: dryRun ? withRefusedNames(found, to) : found,
      from: from.name,
      deletes: false,
      allowEmpty: false,
      carrier,
      differs,
      dryRun,
      progress,
      report,
      signal,
    }).run();
  } finally {
    progress.close();
  }
  if (report.isPartial) process.exitCode = exitCodes.partial;
}
