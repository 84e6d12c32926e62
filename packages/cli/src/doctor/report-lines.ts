/** The lines of a report: aligned, in colour and wrapped on a terminal, plain in a pipe. */

import { type CheckStatus, checkIds, fixText, type Line, type ReportLanguage } from "@naru/server/doctor";
import { columnsOf } from "../terminal-text.ts";

export interface LineStyle {
  readonly language: ReportLanguage;
  /** How wide the terminal is; without one nothing is wrapped. */
  readonly columns?: number | undefined;
  readonly colour: boolean;
}

interface Mark {
  readonly sign: string;
  /** The parameter of ECMA-48's SGR. */
  readonly colour: number;
  readonly words: Readonly<Record<ReportLanguage, string>>;
}

export const marks: Readonly<Record<CheckStatus, Mark>> = {
  ok: { sign: "✓", colour: 32, words: { en: "ok", ko: "정상" } },
  warning: { sign: "!", colour: 33, words: { en: "warning", ko: "주의" } },
  failure: { sign: "✗", colour: 31, words: { en: "failure", ko: "실패" } },
};
const idWidth = Math.max(...checkIds.map((id) => id.length));
const statusWidth = 7;
const leastColumns = 60;
const [bold, dim] = [1, 2];

/** Write what one check found: its line, and below it how to mend it. */
export function lineText({ id, status, message, fix }: Line, { language, columns, colour }: LineStyle): string {
  const { sign, colour: paint, words } = marks[status];
  const head = `${sign} ${padded(words[language], statusWidth)}  ${padded(id, idWidth)}  `;
  const indent = " ".repeat(columnsOf(head));
  const isWide = columns === undefined || columns >= leastColumns;
  const room = columns === undefined ? undefined : isWide ? columns - indent.length : columns - 4;
  const below = isWide ? indent : "    ";
  const [first = "", ...rest] = wrapped(message[language], room);
  const shownHead = colour
    ? `\x1b[${paint}m${head.slice(0, sign.length + 1 + statusWidth)}\x1b[0m${coloured(head.slice(sign.length + 1 + statusWidth), bold)}`
    : head;
  const lines = isWide
    ? [shownHead + first, ...rest.map((text) => below + text)]
    : [shownHead.trimEnd(), ...[first, ...rest].map((text) => below + text)];
  for (const [at, text] of fixText(fix, language).split("\n").entries()) {
    if (text === "") continue;
    // A command is one line, to be copied; only words are wrapped.
    const parts = at === 0 ? wrapped(`→ ${text}`, room) : [text];
    for (const part of parts) lines.push(below + (colour && at > 0 ? coloured(part, dim) : part));
  }
  return lines.join("\n");
}

function coloured(text: string, code: number): string {
  return `\x1b[${code}m${text}\x1b[0m`;
}

function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** Break at spaces; what is longer than a line stays whole. */
function wrapped(text: string, room: number | undefined): readonly string[] {
  if (room === undefined) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && columnsOf(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
