import { html, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import type { Localized } from "./language/language.ts";

/** Why a list of files has no rows. */
export interface BlankView {
  readonly state: "loading" | "ready" | "failed";
  /** What is looked for; "" for nothing. */
  readonly query: string;
  /** How many names were looked at. */
  readonly seen: number;
  readonly again: () => void;
}

/** Draw what stands in the place of the rows of a list that has none. */
export function blankList({ state, query, seen, again }: BlankView, { t, format }: Localized): TemplateResult {
  const isSearch = query !== "";
  if (state === "failed") {
    return html`<div class="blank" role="alert">${icon("warning")}<p><b>${isSearch ? t.file.searchFailed : t.loadFailed}</b></p><button @click=${again}>${t.tryAgain}</button></div>`;
  }
  if (state === "loading") {
    const words = isSearch ? t.file.searching(format.count(seen)) : t.loading;
    return html`<div class="blank" aria-busy="true"><p role="status">${words}</p></div>`;
  }
  return isSearch
    ? html`<div class="blank">${icon("search")}<p role="status">${t.nothingFound(query)}</p></div>`
    : html`<div class="blank">${icon("folder")}<p><b>${t.emptyFolder}</b><br />${t.emptyFolderHint}</p></div>`;
}
