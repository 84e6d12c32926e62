import { html, type TemplateResult } from "lit";
import type { Localized } from "./language/language.ts";
import type { Filter } from "./transfer-list.ts";

const filters: readonly Filter[] = ["all", "active", "failed", "done"];

export interface TabsView {
  readonly words: Localized;
  readonly counts: Readonly<Record<Filter, number>>;
  readonly shown: Filter;
  readonly show: (filter: Filter) => void;
}

/** The tabs over the rows, which the arrow keys go through. */
export function transfersTabs({ words: { t, format }, counts, shown, show }: TabsView): TemplateResult {
  const labels = { all: t.filterAll, active: t.filterActive, failed: t.filterFailed, done: t.filterDone };
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = filters.at((filters.indexOf(shown) + by) % filters.length) ?? "all";
    show(next);
    // All tabs are there, whichever is shown; one that is not shown yet can be focused too.
    if (event.currentTarget instanceof HTMLElement)
      event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${t.transfers} @keydown=${step}>
      ${filters.map(
        (filter) => html`<button role="tab" id="tab-${filter}" aria-controls="rows" aria-selected=${shown === filter}
          tabindex=${shown === filter ? 0 : -1} @click=${() => show(filter)}>${labels[filter]} <span>${format.count(counts[filter])}</span></button>`,
      )}
    </div>`;
}
