/** Text that a terminal shows as it is: names that others chose cannot move its cursor, and lines fit. */

import { UsageError } from "./exit-code.ts";

// Control characters, and those that make text run the other way or hide.
const unseen = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const wide =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const mark = /\p{Mn}/u;
const letters: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** Write what cannot be seen as `ls -b` does: `\n`, `\033`. A backslash is doubled, so that it can be told apart. */
export function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll(unseen, (char) => letters[char] ?? octal(char));
}

/** Read a name that `escaped` wrote. @throws {UsageError} */
export function unescaped(text: string): string {
  return text.replaceAll(/((?:\\[0-7]{3})+)|\\(.|$)/gsu, (written, octals: string | undefined, letter: string) => {
    if (octals !== undefined)
      return Buffer.from(
        octals
          .split("\\")
          .slice(1)
          .map((byte) => Number.parseInt(byte, 8)),
      ).toString();
    const char = letter === "\\" ? letter : Object.keys(letters).find((one) => letters[one] === written);
    if (char !== undefined) return char;
    throw new UsageError(
      `Cannot read "${text}": "${written}" is not an escape of naru ls; a backslash is written twice`,
    );
  });
}

/** Write a name to standard output: on a terminal what cannot be seen is escaped, in a pipe the name is as it is. */
export function shownName(name: string, { isTTY }: { readonly isTTY?: boolean } = process.stdout): string {
  return isTTY ? escaped(name) : name;
}

/** How many columns of a terminal a text takes, near enough. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += mark.test(char) ? 0 : wide.test(char) ? 2 : 1;
  return columns;
}

/** Shorten a text to so many columns, by its middle: of names the beginning and the end tell most. */
export function fitted(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const chars = [...text];
  const end: string[] = [];
  const start: string[] = [];
  const room = columns - 1;
  while (columnsOf(end.join("")) < room / 2) end.unshift(chars.pop() ?? "");
  if (columnsOf(end.join("")) > room) end.shift();
  const left = room - columnsOf(end.join(""));
  while (columnsOf([...start, chars[0] ?? ""].join("")) <= left && chars.length > 0) start.push(chars.shift() ?? "");
  return columns < 1 ? "" : `${start.join("")}…${end.join("")}`;
}

function octal(char: string): string {
  return [...Buffer.from(char)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
