import type { ReportWords } from "./report-words.ts";
import type { ResultColumn } from "./results.ts";

/** Name a way; where there are two programs among `columns`, the browser's say so. */
export function wayName(
  { way, place }: ResultColumn,
  columns: readonly Pick<ResultColumn, "place">[],
  t: ReportWords,
): string {
  const isAlone = columns.every((column) => column.place === place);
  return place === "browser" && !isAlone ? `${t.ways[way]} (${t.places[place]})` : t.ways[way];
}
