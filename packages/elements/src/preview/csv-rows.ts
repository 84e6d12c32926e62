/** Tables as text (RFC 4180, with the separators that programs write). */

/** The first rows of a table. */
export interface CsvRows {
  readonly rows: readonly (readonly string[])[];
  /** There are more rows, or more cells in a row. */
  readonly isCut: boolean;
}

export interface CsvOptions {
  /** The text ends in the middle of the file: its last row may be incomplete. */
  readonly isCut: boolean;
  readonly mostRows: number;
  readonly mostCells: number;
}

/** Read the first rows. What is no proper CSV gives rows all the same. */
export function csvRows(text: string, { isCut, mostRows, mostCells }: CsvOptions): CsvRows {
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  let cutCells = false;
  const endCell = (): void => {
    if (row.length < mostCells) row.push(cell);
    else cutCells = true;
    cell = "";
  };
  const endRow = (): void => {
    endCell();
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  let at = 0;
  for (; at < text.length && rows.length < mostRows; at += 1) {
    const letter = text.charAt(at);
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text.charAt(at + 1) === '"') cell += text.charAt(++at);
      else isQuoted = false;
    } else if (letter === '"' && cell === "") isQuoted = true;
    else if (letter === separator) endCell();
    else if (letter === "\n") endRow();
    else if (letter !== "\r") cell += letter;
  }
  const isAtEnd = at >= text.length;
  if (isAtEnd && !isCut && (cell !== "" || row.length > 0)) endRow();
  return { rows, isCut: isCut || !isAtEnd || cutCells };
}

/** The separator that the first lines have most of. */
function separatorOf(text: string): string {
  const head = text.slice(0, 4096).replaceAll(/"[^"]*"/gu, "");
  const count = (separator: string): number => head.split(separator).length;
  return [",", ";", "\t", "|"].reduce((best, other) => (count(other) > count(best) ? other : best));
}
