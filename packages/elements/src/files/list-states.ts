import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";

/** How far a list of files has come. */
export interface ListState {
  readonly at: "loading" | "ready" | "failed" | "missing";
  /** What is looked for; "" for nothing. */
  readonly query: string;
  /** The name of the folder shown. */
  readonly name: string;
  /** How many names match, and how many were looked at. */
  readonly found: number;
  readonly seen: number;
  /** Folders that a search left out, since their stores do not answer. */
  readonly missing: readonly string[];
  /** Have files chosen to fill an empty folder; undefined where nothing here can send. */
  readonly upload: (() => void) | undefined;
  readonly again: () => void;
  /** Go to the folder above. */
  readonly up: () => void;
}

const skeletonRows = [58, 34, 46, 28, 52];

/** Draw what stands in the place of the rows of a list that has none. */
export function blankList(
  { at, query, name, seen, upload, again, up }: ListState,
  { t, format }: Localized,
): TemplateResult {
  const isSearch = query !== "";
  if (at === "failed") {
    return html`<div class="blank" role="alert">${icon("warning")}<p><b>${isSearch ? t.file.searchFailed : t.loadFailed}</b></p><button @click=${again}>${t.tryAgain}</button></div>`;
  }
  if (at === "missing") {
    return html`<div class="blank" role="alert" data-role="missing">${icon("folder")}<p><b>${t.file.missing(name)}</b><br />${t.file.missingHint}</p><button @click=${up}>${t.file.goUp}</button></div>`;
  }
  if (at === "loading" && isSearch) {
    return html`<div class="blank" aria-busy="true"><p role="status">${t.file.searching(format.count(seen))}</p></div>`;
  }
  if (at === "loading") {
    return html`<div class="skeleton" aria-busy="true"><p class="unseen" role="status">${t.loading}</p>
      ${skeletonRows.map((width) => html`<div><i></i><i class="w${width}"></i></div>`)}</div>`;
  }
  return isSearch
    ? html`<div class="blank">${icon("search")}<p role="status">${t.nothingFound(query)}</p></div>`
    : html`<div class="blank">${icon("folder")}<p><b>${t.emptyFolder}</b><br />${t.emptyFolderHint}</p>${upload === undefined ? nothing : html`<button @click=${upload}>${icon("upload")}${t.uploadFiles}</button>`}</div>`;
}

/** Draw what a search has found so far. */
export function foundLine(
  { at, query, found, missing, seen }: ListState,
  { t, format }: Localized,
): TemplateResult | typeof nothing {
  if (query === "") return nothing;
  const count = t.file.found(format.count(found));
  const words = at === "loading" ? `${count} · ${t.file.searching(format.count(seen))}` : count;
  return html`<p class="searched" role="status">${words}</p>${missingLine(missing, t)}`;
}

/** Draw what was not searched. */
export function missingLine(missing: readonly string[], t: Localized["t"]): TemplateResult | typeof nothing {
  if (missing.length === 0) return nothing;
  const names = missing.map((folder) => folder.slice(0, -1)).join(", ");
  return html`<p class="trouble" role="alert">${icon("warning")}<span class="grow">${t.file.notSearched(names)}</span></p>`;
}

/** Draw why the rows are not all there are. */
export function restLine(
  { at, query, seen, again }: ListState,
  { t, format }: Localized,
): TemplateResult | typeof nothing {
  if (at === "loading" && query === "") return html`<p class="rest">${t.file.loadingRest(format.count(seen))}</p>`;
  if (at !== "failed") return nothing;
  const words = query === "" ? t.file.moreFailed : t.file.searchFailed;
  return html`<p class="trouble" role="alert">${icon("warning")}<span class="grow">${words}</span><button @click=${again}>${t.tryAgain}</button></p>`;
}
