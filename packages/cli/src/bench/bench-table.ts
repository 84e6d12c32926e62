/** The results as tables of a terminal. */

import { type ReportLanguage, type Results, reportWords, secondsText, wayName } from "@naru/client/experiment";
import { MiB } from "@naru/core";
import { columnsOf } from "../terminal-text.ts";

/** The document's table: a row for each set of files, a column for each way, mean ± deviation. */
export function meanTable({ columns, rows }: Results, language: ReportLanguage): string {
  const t = reportWords[language];
  const head = [t.columns.files, ...columns.map((column) => wayName(column, columns, t))];
  const lines = rows.map(({ of, results }) => [
    t.what(of),
    ...results.map((result) =>
      result ? `${secondsText(result.seconds.mean)} ± ${secondsText(result.seconds.deviation)}` : "-",
    ),
  ]);
  return table([head, ...lines]);
}

/** All figures: a row for each way and set of files. */
export function figuresTable({ columns, rows }: Results, language: ReportLanguage): string {
  const t = reportWords[language];
  const { files, way, median, speed, cpu, carried, ratio, failed } = t.columns;
  const lines = rows.flatMap(({ of, results }) =>
    results.flatMap((result) => {
      if (result === undefined) return [];
      const { seconds, bytesPerSecond, cpuSeconds, bytesCarried, failures } = result;
      return [
        [
          t.what(of),
          wayName(result, columns, t),
          secondsText(seconds.median),
          (bytesPerSecond / MiB).toFixed(1),
          cpuSeconds === undefined ? "-" : secondsText(cpuSeconds),
          bytesCarried === undefined ? "-" : bytesCarried.toLocaleString("en"),
          result.ratio === undefined ? "-" : result.ratio.toFixed(2),
          failures === 0 ? "" : String(failures),
        ],
      ];
    }),
  );
  return table([[files, way, median, speed, cpu, carried, ratio, failed], ...lines]);
}

/** The first two columns of words to the left, figures to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => columnsOf(row[index] ?? ""))));
  const isText = (index: number): boolean => rows.slice(1).every((row) => !/^[\d.,]+( |$)|^-$/u.test(row[index] ?? ""));
  const lines = rows.map((row) => {
    const cells = row.map((cell, index) => {
      const room = " ".repeat(Math.max(0, (widths[index] ?? 0) - columnsOf(cell)));
      return isText(index) && index < 2 ? cell + room : room + cell;
    });
    return cells.join("  ").trimEnd();
  });
  const [head = "", ...rest] = lines;
  return [head, "─".repeat(Math.max(...lines.map(columnsOf))), ...rest].join("\n");
}
