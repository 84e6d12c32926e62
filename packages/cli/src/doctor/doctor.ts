/** `naru doctor`: examine the stores of a server, or one that a URL names, and say how to mend what is wrong. */

import {
  type Examination,
  examineStore,
  type Line,
  type ReportLanguage,
  reportOf,
  unopened,
  verdictOf,
} from "@naru/server/doctor";
import { exitCodes, UsageError } from "../exit-code.ts";
import { interruptSignal } from "../interrupt.ts";
import type { OpenedStore } from "../open-store.ts";
import { reportLanguage } from "../report-language.ts";
import { escaped } from "../terminal-text.ts";
import { type NamedStore, storesToExamine } from "./examined-stores.ts";
import { repair } from "./repairs.ts";
import { type LineStyle, lineText, marks } from "./report-lines.ts";

export interface DoctorCommand {
  readonly store?: string | undefined;
  /** The settings of the server, when they are elsewhere. */
  readonly config?: string | undefined;
  readonly data: string;
  /** Where pages come from. */
  readonly origin?: readonly string[] | undefined;
  readonly fix?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** How long `naru serve` keeps an unfinished upload without activity. */
const uploadDays = 7;

/** Examine, and set the exit code: 1 when something fails. */
export async function doctor(command: DoctorCommand, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { fix = false, yes = false, json = false } = command;
  if (fix && !yes && process.stdin.isTTY !== true)
    throw new UsageError("Cannot ask what to fix: there is no terminal; add --yes to write without asking");
  const { stores, origins: served } = await storesToExamine({ ...command, env });
  const origins = (command.origin ?? served).map(originIn);
  const signal = interruptSignal();
  const language = reportLanguage(env);
  const view = { json, style: { language, ...styleOf(process.stdout, env) }, severalStores: stores.length > 1 };
  const wants = { fix, yes, origins, signal };
  let hasFailed = false;
  for (const [at, store] of stores.entries()) {
    if (at > 0 && !json) console.log("");
    const lines = await examineOne(store, wants, view);
    hasFailed ||= verdictOf(lines) === "failure";
  }
  if (hasFailed) process.exitCode = exitCodes.failed;
}

interface Wants {
  readonly fix: boolean;
  readonly yes: boolean;
  readonly origins: readonly string[];
  readonly signal: AbortSignal;
}

interface View {
  readonly json: boolean;
  readonly style: LineStyle;
  readonly severalStores: boolean;
}

async function examineOne(named: NamedStore, wants: Wants, view: View): Promise<readonly Line[]> {
  const { json, severalStores, style } = view;
  const onLine = (line: Line): void => {
    if (!json && line.skippedBy === undefined) console.log(lineText(line, style));
  };
  const say = (text: string): void => (json ? console.error(text) : console.log(text));
  const title = (text: string): void => {
    if (!json) console.log(`${severalStores ? `${named.name}  ` : ""}${escaped(text)}\n`);
  };
  const examination = await examined(named, { ...wants, say, onLine, title, language: style.language });
  const report = reportOf(examination, style.language);
  if (json) console.log(JSON.stringify(severalStores ? { mount: named.name, ...report } : report));
  else console.log(`\n${countText(examination.lines, style)}`);
  return examination.lines;
}

interface Telling extends Wants {
  readonly language: ReportLanguage;
  readonly say: (text: string) => void;
  readonly onLine: (line: Line) => void;
  readonly title: (text: string) => void;
}

async function examined(named: NamedStore, telling: Telling): Promise<Examination> {
  const { onLine, title } = telling;
  let store: OpenedStore;
  try {
    store = await named.open();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    title(named.address);
    const report = unopened(error);
    for (const line of report.lines) onLine(line);
    return report;
  }
  try {
    title(titleOf(named, store, telling.language));
    const found = await examineStore(store, { ...telling, uploadDays });
    return telling.fix ? await mended(store, found, telling) : found;
  } finally {
    await store.close?.();
  }
}

function titleOf({ address }: NamedStore, { profile, subject }: OpenedStore, language: ReportLanguage): string {
  const folder = { en: "folder", ko: "폴더" }[language];
  const kind = profile?.title ?? (subject?.kind === "folder" ? folder : undefined);
  return `${subject?.title ?? address}${kind === undefined ? "" : ` (${kind})`}`;
}

/** Offer what `--fix` can write, and look again at what was written. */
async function mended(store: OpenedStore, found: Examination, telling: Telling): Promise<Examination> {
  const written = await repair(found.lines, telling);
  if (written.length === 0) return found;
  telling.say("");
  const again = await examineStore(store, { ...telling, uploadDays, only: written });
  const anew = new Map(again.lines.map((line) => [line.id, line]));
  return { ...found, lines: found.lines.map((line) => anew.get(line.id) ?? line) };
}

function styleOf(
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  { NO_COLOR, TERM }: NodeJS.ProcessEnv,
): Omit<LineStyle, "language"> {
  if (!isTTY) return { colour: false };
  // Some terminals say that they have no columns.
  return { columns: columns || 80, colour: !NO_COLOR && TERM !== "dumb" };
}

function countText(lines: readonly Line[], { language }: LineStyle): string {
  const statuses = ["ok", "warning", "failure"] as const;
  const examined = lines.filter(({ skippedBy }) => skippedBy === undefined);
  const counts = statuses.map((status) => {
    const count = examined.filter((line) => line.status === status).length;
    return `${marks[status].words[language]} ${count}`;
  });
  const skipped = lines.filter(({ skippedBy }) => skippedBy !== undefined).map(({ id }) => id);
  const notExamined = { en: "not examined", ko: "확인하지 않음" }[language];
  return [counts.join(", "), ...(skipped.length === 0 ? [] : [`${notExamined}: ${skipped.join(", ")}`])].join("\n");
}

function originIn(text: string): string {
  const url = URL.parse(text);
  const isPage = url?.protocol === "http:" || url?.protocol === "https:";
  if (isPage && url.href === `${url.origin}/`) return url.origin;
  throw new UsageError(`Cannot use --origin "${text}": it is not of the form https://host[:port]`);
}
