import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";
import type { ListedEntry } from "./entry.ts";

/** How a row stands. */
export interface RowView {
  readonly entry: ListedEntry;
  /** From 0. */
  readonly index: number;
  readonly words: Localized;
  readonly href: string;
  readonly isChosen: boolean;
  /** The keys move from it. */
  readonly isActive: boolean;
  /** It was cut, and will be where it is pasted. */
  readonly isCut: boolean;
  /** How it came while the list stood there. */
  readonly fresh: "arrived" | "changed" | undefined;
  /** Where it is, below the folder shown; of what a search has found. */
  readonly where: string | undefined;
  readonly canDrag: boolean;
}

/** Draw a file or a folder of the list. What is done with it is the table's, which hears of everything in it. */
export function entryRow(view: RowView): TemplateResult {
  const { entry, index, words, isChosen, isActive, fresh } = view;
  const { t, format } = words;
  const isFile = entry.kind === "file";
  const time = isFile ? format.when(new Date(entry.time), new Date()) : "";
  const isStore = entry.mount === "store";
  const size = isFile ? format.bytes(entry.size) : isStore ? t.file.store : "";
  const state = `${fresh === undefined ? "" : "fresh"} ${view.isCut ? "cut" : ""}`;
  return html`<tr data-row=${entry.path} data-file=${isFile ? entry.path : nothing} data-folder=${isFile ? nothing : entry.path} class=${state}
    aria-rowindex=${index + 2} aria-selected=${isChosen} tabindex=${isActive ? 0 : -1} draggable=${view.canDrag}>
    <td class="pick"><input type="checkbox" tabindex=${isActive ? 0 : -1} aria-label=${t.file.choose(entry.name)} .checked=${live(isChosen)} /></td>
    <td>${nameOf(view)}${whereOf(view)}${isFile || isStore ? html`<span class="under">${isFile ? `${size} · ${time}` : size}</span>` : nothing}</td>
    <td class="n size" title=${isFile ? t.file.exactly(format.count(entry.size)) : nothing}>${size}</td>
    <td class="time">${fresh === "arrived" ? html`<span class="ok">${icon("check")}${t.arrived}</span>` : html`<time datetime=${isFile ? new Date(entry.time).toISOString() : nothing}>${time}</time>`}</td>
    <td class="acts"><div>${acts(view)}</div></td>
  </tr>`;
}

function nameOf({ entry, href, isActive }: RowView): TemplateResult {
  const isFile = entry.kind === "file";
  return html`<a class="name" href=${href} tabindex=${isActive ? 0 : -1} draggable="false" ?download=${isFile}>${icon(entry.mount === "store" ? "store" : entry.kind)}<span>${entry.name}</span></a>`;
}

function whereOf({ where, words: { t } }: RowView): TemplateResult | typeof nothing {
  return where === undefined ? nothing : html`<span class="where">${where === "" ? t.file.here : where}</span>`;
}

function acts({ entry: { kind, mount, name }, href, isActive, words: { t } }: RowView): TemplateResult {
  const tab = isActive ? 0 : -1;
  return html`${kind === "file" ? html`<a class="button bare quick" data-action="download" href=${href} download draggable="false" tabindex=${tab} aria-label=${t.download(name)} title=${t.download(name)}>${icon("download")}</a>` : nothing}
    ${
      mount === undefined
        ? html`<button class="bare quick" data-action="rename" tabindex=${tab} aria-label=${t.rename(name)} title=${t.rename(name)}>${icon("pencil")}</button>
    <button class="bare quick" data-action="remove" tabindex=${tab} aria-label=${t.remove(name)} title=${t.remove(name)}>${icon("trash")}</button>`
        : nothing
    }
    <button class="bare" data-action="menu" tabindex=${tab} aria-haspopup="menu" aria-label=${t.file.more(name)} title=${t.file.more(name)}>${icon("more")}</button>`;
}
