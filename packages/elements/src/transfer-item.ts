import type { TransferRow } from "@naru/client/browser";
import type { TemplateResult } from "lit";
import { groupRow } from "./group-row.ts";
import type { Localized } from "./language/language.ts";
import type { TransfersWords } from "./language/transfers-words.ts";
import type { TransferActs } from "./transfer-acts.ts";
import { isGroup } from "./transfer-group.ts";
import type { Filter, ListItem, TransferList } from "./transfer-list.ts";
import { heightOf, rowHeights, transferRow } from "./transfer-row.ts";

/** What it takes to draw one thing of the list. */
export interface ItemView {
  readonly item: ListItem;
  readonly top: number;
  readonly position: number;
  readonly count: number;
  readonly words: Localized<TransfersWords>;
  readonly list: TransferList;
  readonly filter: Filter;
  readonly acts: TransferActs;
  /** Whether more than one file waits. */
  readonly canMove: boolean;
  /** Whether the page has a place for files, to which rows lead. */
  readonly opens: boolean;
}

/** Tell how high it is. */
export function itemHeight(item: ListItem, acts: Pick<TransferActs, "refusedOf">): number {
  return isGroup(item) ? rowHeights.plain : heightOf(item, acts.refusedOf(item.key));
}

/** Draw a row, or the row of a group. */
export function itemRow({ item, words, list, filter, acts, canMove, opens, ...place }: ItemView): TemplateResult {
  const { t, format } = words;
  if (isGroup(item)) {
    const isUnfolded = list.isUnfolded(item, filter);
    const mayMove = canMove && item.tally.count("waiting") > 0;
    return groupRow({ ...place, group: item, t, format, isUnfolded, canMove: mayMove, act: acts.onGroup });
  }
  const within = withinOf(item, list);
  const refused = acts.refusedOf(item.key);
  // Rows of a group wait in its place.
  const mayMove = canMove && within === undefined && item.direction !== "down";
  return transferRow({ ...place, row: item, t, format, within, refused, opens, canMove: mayMove, act: acts.onRow });
}

function withinOf({ group }: TransferRow, list: TransferList): string | undefined {
  const of = group && list.group(group.id);
  return of?.isOne ? of.path : undefined;
}
