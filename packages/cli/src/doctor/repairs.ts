import { createInterface } from "node:readline/promises";
import type { Line, Repair, ReportLanguage } from "@naru/server/doctor";

export interface RepairOptions {
  readonly language: ReportLanguage;
  /** Write without asking. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const words = {
  writes: { en: "Writes", ko: "쓸 내용:" },
  ask: { en: "Write this? [y/N] ", ko: "이대로 쓸까요? [y/N] " },
  written: { en: "Written.", ko: "썼습니다." },
  left: { en: "Left as it is.", ko: "그대로 두었습니다." },
  none: { en: "There is nothing that --fix can mend.", ko: "--fix로 고칠 것이 없습니다." },
} as const;

/** Offer what can be mended, one after the other, each shown before it is written; the ids of what was. */
export async function repair(lines: readonly Line[], options: RepairOptions): Promise<readonly Line["id"][]> {
  const { language, say, signal } = options;
  const repairs = lines.flatMap(({ id, repair: one }) => (one === undefined ? [] : [{ id, one }]));
  if (repairs.length === 0) say(words.none[language]);
  const written: Line["id"][] = [];
  for (const { id, one } of repairs) {
    say(`\n${id}: ${words.writes[language]} ${one.what[language]}\n${one.writes}`);
    if (!(await isAgreed(options))) {
      say(words.left[language]);
      continue;
    }
    await apply(one, signal);
    say(words.written[language]);
    written.push(id);
  }
  return written;
}

/** What was begun is not stopped half-way: it is one request. */
function apply(one: Repair, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return one.apply(AbortSignal.timeout(30_000));
}

async function isAgreed({ language, yes, signal }: RepairOptions): Promise<boolean> {
  if (yes) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While it asks, the terminal gives Ctrl-C to it instead of the process.
  terminal.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return /^(y|yes|예|네)$/i.test((await terminal.question(words.ask[language], { signal })).trim());
  } finally {
    terminal.close();
  }
}
