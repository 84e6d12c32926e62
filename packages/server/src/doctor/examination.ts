/** One store is examined: its checks run one after the other, and what they wrote is gone at the end. */

import { isTransferError } from "@naru/core";
import type { BucketSubject, FolderSubject } from "../examined-store.ts";
import type { ServedStore } from "../served-store.ts";
import { bucketChecks } from "./bucket/bucket-checks.ts";
import { BucketWorkspace } from "./bucket/bucket-workspace.ts";
import { type Check, type CheckId, type ExaminedFor, type Finding, failure, warning } from "./check.ts";
import { contractChecks } from "./contract/contract-checks.ts";
import { ContractWorkspace } from "./contract/contract-trial.ts";
import { folderChecks } from "./folder/folder-checks.ts";
import { FolderWorkspace } from "./folder/folder-workspace.ts";
import { say } from "./words.ts";

/** What one check found. */
export interface Line extends Finding {
  readonly id: CheckId;
}

export interface ExamineOptions extends ExaminedFor {
  /** Only these; all by default. What must have been found out before is found out, too. */
  readonly only?: readonly CheckId[] | undefined;
  /** How long ago an examination must have begun that was killed, for what it left to be removed; an hour by default. */
  readonly staleMs?: number | undefined;
  /** Told of each line as it is found. */
  readonly onLine?: ((line: Line) => void) | undefined;
}

/** What the checks of a kind work in. */
interface Workspace {
  readonly folder: string;
  clean(signal: AbortSignal): Promise<boolean>;
}

const checkPatienceMs = 60_000;
const cleaningMs = 60_000;

/**
 * Examine a store. Nothing but what lies below one hidden folder of its own is written, and that is removed at the end, also
 * when the signal aborts: then it throws the signal's reason.
 */
export async function examine(store: ServedStore, options: ExamineOptions): Promise<readonly Line[]> {
  const { subject } = store;
  if (subject === undefined) return ofContract(store, options);
  return subject.kind === "bucket" ? ofBucket(subject, options) : ofFolder(subject, options);
}

/** By what every store can do, where its kind lends nothing of its own. */
function ofContract(store: ServedStore, options: ExamineOptions): Promise<readonly Line[]> {
  const workspace = new ContractWorkspace(store);
  const cleanOld = (signal: AbortSignal): Promise<void> => ContractWorkspace.cleanOld(store, signal, options.staleMs);
  return run({ checks: contractChecks, trial: { ...options, store, workspace }, workspace, cleanOld }, options);
}

function ofBucket(subject: BucketSubject, options: ExamineOptions): Promise<readonly Line[]> {
  const workspace = new BucketWorkspace(subject);
  const trial = { ...options, subject, workspace };
  const cleanOld = (signal: AbortSignal): Promise<void> => BucketWorkspace.cleanOld(subject, signal, options.staleMs);
  return run({ checks: bucketChecks, trial, workspace, cleanOld }, options);
}

function ofFolder(subject: FolderSubject, options: ExamineOptions): Promise<readonly Line[]> {
  const workspace = new FolderWorkspace(subject);
  const cleanOld = (): Promise<void> => FolderWorkspace.cleanOld(subject, options.staleMs);
  return run({ checks: folderChecks, trial: { ...options, subject, workspace }, workspace, cleanOld }, options);
}

interface Run<Trial> {
  readonly checks: readonly Check<Trial>[];
  readonly trial: Trial;
  readonly workspace: Workspace;
  readonly cleanOld: (signal: AbortSignal) => Promise<void>;
}

async function run<Trial extends ExaminedFor>(
  { checks, trial, workspace, cleanOld }: Run<Trial>,
  { signal, only, onLine }: ExamineOptions,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  let stoppedBy: CheckId | undefined;
  try {
    for (const check of checks) {
      signal.throwIfAborted();
      const isWanted = only === undefined || only.includes(check.id);
      if (!isWanted && !gates.includes(check.id)) continue;
      const finding = stoppedBy === undefined || check.always ? await findingOf(check, trial) : notExamined(stoppedBy);
      if (finding.stops) stoppedBy ??= check.id;
      if (!isWanted && !finding.stops) continue;
      const line = { ...finding, id: check.id };
      lines.push(line);
      onLine?.(line);
    }
  } finally {
    const isClean = await cleaned(workspace, stoppedBy === "reachability" ? undefined : cleanOld);
    if (!isClean) {
      const line = leftBehind(workspace.folder);
      lines.push(line);
      onLine?.(line);
    }
  }
  return lines;
}

/** What must be so before anything else can be found out. */
const gates: readonly CheckId[] = ["reachability", "rights"];

async function findingOf<Trial extends ExaminedFor>(check: Check<Trial>, trial: Trial): Promise<Finding> {
  const limit = AbortSignal.timeout(checkPatienceMs);
  try {
    return await check.run({ ...trial, signal: AbortSignal.any([trial.signal, limit]) });
  } catch (error) {
    trial.signal.throwIfAborted();
    const why = isTransferError(error) ? causeOf(error) : error instanceof Error ? error.message : String(error);
    const found = failure(
      say(`could not be examined: ${why}`, `확인하지 못했습니다: ${why}`),
      isTransferError(error) && error.code === "forbidden"
        ? say(
            "Set the right keys, and give them the rights that Naru needs.",
            "올바른 키를 지정하고, 그 키에 Naru가 필요로 하는 권한을 주십시오.",
          )
        : say(
            "Check the connection to the store, then run this again.",
            "저장소까지의 연결을 확인하고 다시 실행하십시오.",
          ),
    );
    return check.id === "reachability" ? { ...found, stops: true } : found;
  }
}

function causeOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error
    ? `${error.message} (${"code" in cause ? String(cause.code) : cause.message.split("\n", 1)[0]})`
    : error.message;
}

function notExamined(by: CheckId): Finding {
  const found = warning(
    say(`not examined, because of ${by}`, `${by} 때문에 확인하지 않았습니다`),
    say(`Mend ${by} first.`, `${by}부터 고치십시오.`),
  );
  return { ...found, skippedBy: by };
}

/** By a signal of its own: what was interrupted is cleaned up, too. */
async function cleaned(workspace: Workspace, cleanOld: Run<unknown>["cleanOld"] | undefined): Promise<boolean> {
  const signal = AbortSignal.timeout(cleaningMs);
  const isClean = await workspace.clean(signal).catch(() => false);
  // What others left is no finding about this store.
  await cleanOld?.(signal).catch(() => undefined);
  return isClean;
}

function leftBehind(folder: string): Line {
  const found = warning(
    say(`what was written below "${folder}" could not be removed`, `"${folder}" 아래에 쓴 것을 지우지 못했습니다`),
    say(
      "Run naru doctor again in an hour: it removes what is left. Or remove it yourself.",
      "한 시간 뒤에 naru doctor를 다시 실행하면 지웁니다. 직접 지워도 됩니다.",
    ),
  );
  return { ...found, id: "leftovers" };
}
