/**
 * What a store really does, found out by asking it.
 *
 * @module
 */

import { isTransferError } from "@naru/core";
import type { ServedStore } from "../served-store.ts";
import { type CheckId, type CheckStatus, checkIds, type Finding, type Fix, failure, warning } from "./check.ts";
import { type ExamineOptions, examine, type Line } from "./examination.ts";
import { type ReportLanguage, say } from "./words.ts";

export type { Repair } from "./check.ts";
export type { CheckId, CheckStatus, ExamineOptions, Fix, Line, ReportLanguage };
export { checkIds };

/** What was found out of one store. */
export interface Examination {
  /** The name of the store's profile. */
  readonly profile: string;
  /** Names the store to people. */
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A report as `--json` and the console have it. */
export interface Report {
  readonly profile: string;
  readonly checks: readonly ReportedCheck[];
}

export interface ReportedCheck {
  readonly id: CheckId;
  readonly status: CheckStatus;
  readonly message: string;
  /** How to mend it, in words and commands; empty when nothing needs it. */
  readonly fix: string;
}

/** Examine a store by the checks of its kind; it throws only when the signal aborts. */
export async function examineStore(store: ServedStore, options: ExamineOptions): Promise<Examination> {
  const lines = await examine(store, options);
  return { profile: profileOf(store), title: store.subject?.title ?? "", lines };
}

/** The report on a store that could not even be opened. */
export function unopened(error: unknown): Examination {
  const why = isTransferError(error) || error instanceof Error ? error.message : String(error);
  const words = say(
    "Correct the store's URL, or create the bucket or folder that it names.",
    "저장소 URL을 고치거나, URL이 가리키는 버킷이나 폴더를 만드십시오.",
  );
  const lines: Line[] = checkIds
    .filter((id) => required.includes(id))
    .map((id) => (id === "reachability" ? { id, ...failure(say(why, why), words) } : { id, ...notReached() }));
  return { profile: "generic", title: "?", lines };
}

/** Write an examination down in a language. */
export function reportOf({ profile, lines }: Examination, language: ReportLanguage): Report {
  const checks = lines.map(({ id, status, message, fix }) => ({
    id,
    status,
    message: message[language],
    fix: fixText(fix, language),
  }));
  return { profile, checks };
}

/** Put a mend into one text: the words, then each command on its line. */
export function fixText(fix: Fix | undefined, language: ReportLanguage): string {
  return [fix?.words[language], fix?.command].filter((text) => text !== undefined && text !== "").join("\n");
}

/** The worst that was found. */
export function verdictOf(lines: readonly Pick<Finding, "status">[]): CheckStatus {
  const has = (status: CheckStatus): boolean => lines.some((line) => line.status === status);
  return has("failure") ? "failure" : has("warning") ? "warning" : "ok";
}

const required: readonly CheckId[] = [
  "reachability",
  "clock",
  "rights",
  "multipart",
  "md5",
  "signed-length",
  "signed-headers",
  "conditional-write",
  "cors",
  "range",
  "listing",
  "names",
  "unfinished-life",
  "public-endpoint",
];

function profileOf({ profile, subject }: ServedStore): string {
  return profile?.name ?? (subject?.kind === "folder" ? "file" : "generic");
}

function notReached(): Finding {
  const found = warning(
    say("not examined, because of reachability", "reachability 때문에 확인하지 않았습니다"),
    say("Mend reachability first.", "reachability부터 고치십시오."),
  );
  return { ...found, skippedBy: "reachability" };
}
