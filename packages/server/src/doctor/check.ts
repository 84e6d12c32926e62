/**
 * A check is data: what it is called, and how it finds out. A store lends a subject, and the checks of its kind examine it.
 *
 * @module
 */

import type { Words } from "./words.ts";

export const checkIds = [
  "reachability",
  "tls",
  "clock",
  "rights",
  "multipart",
  "md5",
  "checksums",
  "signed-length",
  "signed-headers",
  "conditional-write",
  "range",
  "listing",
  "names",
  "cors",
  "public-endpoint",
  "unfinished-life",
  "lifecycle",
  "leftovers",
] as const;

export type CheckId = (typeof checkIds)[number];
export type CheckStatus = "ok" | "warning" | "failure";

/** How to mend what was found: in words, and by the exact command where there is one. */
export interface Fix {
  readonly words: Words;
  readonly command?: string | undefined;
}

/** What `--fix` can do about it. */
export interface Repair {
  readonly what: Words;
  /** Exactly what will be written. */
  readonly writes: string;
  apply(signal: AbortSignal): Promise<void>;
}

export interface Finding {
  readonly status: CheckStatus;
  readonly message: Words;
  readonly fix?: Fix | undefined;
  readonly repair?: Repair | undefined;
  /** It was not examined, because of what this check found. */
  readonly skippedBy?: CheckId | undefined;
  /** Nothing that needs the store can be found out after this. */
  readonly stops?: boolean | undefined;
}

/** One thing to find out. `Trial` is what it works with. */
export interface Check<Trial> {
  readonly id: CheckId;
  /** It also tells something when an earlier finding stopped the examination. */
  readonly always?: boolean | undefined;
  run(trial: Trial): Promise<Finding>;
}

/** What an examination is about, whatever the store is. */
export interface ExaminedFor {
  /** Where pages come from that shall write to the store directly. */
  readonly origins: readonly string[];
  /** For how many days the server keeps an unfinished upload without activity. */
  readonly uploadDays: number;
  readonly signal: AbortSignal;
}

export function ok(message: Words): Finding {
  return { status: "ok", message };
}

export function warning(message: Words, words: Words, command?: string): Finding {
  return { status: "warning", message, fix: { words, command } };
}

export function failure(message: Words, words: Words, command?: string): Finding {
  return { status: "failure", message, fix: { words, command } };
}
