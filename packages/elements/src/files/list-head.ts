import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";
import type { Sort, SortColumn } from "./entry-order.ts";

export interface HeadView {
  readonly words: Localized;
  readonly sort: Sort;
  /** How many of the entries shown are chosen. */
  readonly chosen: "none" | "some" | "all";
  readonly sortBy: (sort: Sort) => void;
  readonly choose: (all: boolean) => void;
}

/** What a column is ordered by at the first press: the newest and the largest are looked for. */
const descendingFirst: Readonly<Record<SortColumn, boolean>> = { name: false, size: true, time: true };

/** Draw the head of the table: each column orders the list. */
export function listHead(view: HeadView): TemplateResult {
  const { t } = view.words;
  const { chosen, choose } = view;
  const chooseAll = ({ currentTarget: box }: Event): void => {
    if (box instanceof HTMLInputElement) choose(box.checked);
  };
  return html`<thead><tr aria-rowindex="1">
    <th scope="col" class="pick"><label><input type="checkbox" data-action="choose-all" aria-label=${t.file.chooseAll} .checked=${live(chosen === "all")} .indeterminate=${chosen === "some"} @change=${chooseAll} /></label></th>
    ${column("name", t.name, view)}${column("size", t.size, view)}${column("time", t.time, view)}
    <th scope="col" class="acts"><span class="unseen">${t.actions}</span></th>
  </tr></thead>`;
}

/** Draw what orders the list where there is no room for columns. */
export function sortChoice({
  words: { t },
  sort,
  sortBy,
}: Pick<HeadView, "words" | "sort" | "sortBy">): TemplateResult {
  const names = { name: t.name, size: t.size, time: t.time };
  const columns: readonly SortColumn[] = ["name", "size", "time"];
  const change = ({ currentTarget: choice }: Event): void => {
    const by = columns.find((column) => choice instanceof HTMLSelectElement && choice.value === column);
    if (by !== undefined) sortBy({ by, descending: descendingFirst[by] });
  };
  return html`<label class="sort"><span class="unseen">${t.file.sortBy}</span><select data-role="sort" @change=${change}>
    ${columns.map((by) => html`<option value=${by} ?selected=${by === sort.by}>${names[by]}</option>`)}
  </select></label>`;
}

function column(by: SortColumn, words: string, { sort, sortBy }: HeadView): TemplateResult {
  const isSorted = sort.by === by;
  const press = (): void => sortBy({ by, descending: isSorted ? !sort.descending : descendingFirst[by] });
  const direction = sort.descending ? "descending" : "ascending";
  return html`<th scope="col" class=${{ name: nothing, size: "n size", time: "time" }[by]} aria-sort=${isSorted ? direction : nothing}>
    <button data-sort=${by} @click=${press}>${words}${isSorted ? icon(sort.descending ? "chevronDown" : "chevronUp") : nothing}</button>
  </th>`;
}
