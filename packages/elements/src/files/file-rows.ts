import type { WireFile } from "@naru/core";
import { html, type nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";
import type { Entry } from "./file-tasks.ts";

interface RowActs {
  readonly words: Localized;
  /** How it came while the list stood there. */
  readonly fresh: "arrived" | "changed" | undefined;
  readonly rename: (entry: Entry) => void;
  readonly remove: (entry: Entry) => void;
}

interface FileActs extends RowActs {
  readonly href: string;
  readonly download: (event: MouseEvent) => void;
}

interface FolderActs extends RowActs {
  readonly href: string;
  readonly open: (event: Event) => void;
}

/** Draw a folder of the list. */
export function folderRow(entry: Entry, acts: FolderActs): TemplateResult {
  return html`<tr data-folder=${entry.path} class=${acts.fresh === undefined ? "" : "fresh"}>
    <td><a class="name" href=${acts.href} @click=${acts.open}>${icon("folder")}<span>${entry.name}</span></a></td>
    <td class="n size"></td>
    <td class="time"></td>
    <td class="acts"><div>${changes(entry, acts)}</div></td>
  </tr>`;
}

/** Draw a file of the list. */
export function fileRow(file: WireFile, entry: Entry, acts: FileActs): TemplateResult {
  const { t, format } = acts.words;
  const { href, download, fresh } = acts;
  const { name } = entry;
  const time = format.when(new Date(file.modified), new Date());
  return html`<tr data-file=${file.path} class=${fresh === undefined ? "" : "fresh"}>
    <td><a class="name" href=${href} download @click=${download}>${icon("file")}<span>${name}</span></a>
      <span class="under">${format.bytes(file.size)} · ${time}</span></td>
    <td class="n size">${format.bytes(file.size)}</td>
    <td class="time">${fresh === "arrived" ? html`<span class="ok">${icon("check")}${t.arrived}</span>` : html`<time datetime=${file.modified}>${time}</time>`}</td>
    <td class="acts"><div>
      <a class="button bare" data-action="download" href=${href} download aria-label=${t.download(name)} title=${t.download(name)} @click=${download}>${icon("download")}</a>
      ${changes(entry, acts)}
    </div></td>
  </tr>`;
}

function changes(entry: Entry, { words: { t }, rename, remove }: RowActs): TemplateResult | typeof nothing {
  const { name } = entry;
  return html`<button class="bare rename" data-action="rename" aria-label=${t.rename(name)} title=${t.rename(name)} @click=${() => rename(entry)}>${icon("pencil")}</button>
    <button class="bare" data-action="remove" aria-label=${t.remove(name)} title=${t.remove(name)} @click=${() => remove(entry)}>${icon("trash")}</button>`;
}
