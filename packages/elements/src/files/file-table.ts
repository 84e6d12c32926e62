import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Localized } from "../language/language.ts";
import { styleProperties } from "../style-properties.ts";
import type { ListedEntry } from "./entry.ts";
import type { Sort } from "./entry-order.ts";
import { entryRow, type RowView } from "./entry-row.ts";
import type { FolderListing } from "./folder-listing.ts";
import { listHead } from "./list-head.ts";
import type { RowWindow } from "./row-window.ts";
import type { Selection } from "./selection.ts";

export interface FileTableView {
  readonly words: Localized;
  readonly listing: FolderListing;
  /** Whether names are still to come. */
  readonly isLoading: boolean;
  readonly window: RowWindow;
  readonly selection: Selection;
  readonly sortBy: (sort: Sort) => void;
  readonly chooseAll: (all: boolean) => void;
  readonly row: (entry: ListedEntry) => Pick<RowView, "href" | "isCut" | "fresh" | "where">;
  /** Hears what happens in the table. */
  readonly hear: (event: Event) => void;
}

/** A finger scrolls and presses long; only a mouse drags. */
const canDrag = matchMedia("(pointer: fine)").matches;

/** Draw the rows that are on the screen, and room for the others. */
export function fileTable(view: FileTableView): TemplateResult {
  const { words, window, selection, hear } = view;
  const { shown, sort } = view.listing;
  window.count = shown.length;
  const { first, end } = window.range;
  const { above, below } = window.padding;
  const { active: wanted } = selection;
  const active = wanted !== undefined && view.listing.shows(wanted) ? wanted : shown[0]?.path;
  const drawn = shown.slice(first, end).map((entry, at) => ({ entry, index: first + at }));
  const chosen = selection.size === 0 ? "none" : selection.size >= shown.length ? "all" : "some";
  return html`<table role="grid" aria-label=${words.t.files} aria-multiselectable="true" aria-rowcount=${view.isLoading ? -1 : shown.length + 1} tabindex="-1"
    @click=${hear} @dblclick=${hear} @keydown=${hear} @focusin=${hear} @pointerdown=${hear} @pointermove=${hear} @pointerup=${hear} @pointercancel=${hear}
    @dragstart=${hear} @dragover=${hear} @dragleave=${hear} @drop=${hear} @dragend=${hear}>
    <colgroup><col class="pick" /><col /><col class="size" /><col class="time" /><col class="acts" /></colgroup>
    ${listHead({ words, sort, chosen, sortBy: view.sortBy, choose: view.chooseAll })}
    <tbody>
      ${room(above)}
      ${repeat(
        drawn,
        ({ entry }) => entry.path,
        ({ entry, index }) =>
          entryRow({
            entry,
            index,
            words,
            isChosen: selection.has(entry.path),
            isActive: entry.path === active,
            canDrag,
            ...view.row(entry),
          }),
      )}
      ${room(below)}
    </tbody>
  </table>`;
}

function room(height: number): TemplateResult | typeof nothing {
  if (height === 0) return nothing;
  return html`<tr class="room" aria-hidden="true"><td colspan="5" ${styleProperties({ height: `${height}px` })}></td></tr>`;
}
