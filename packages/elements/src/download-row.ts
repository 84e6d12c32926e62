/** What the row of a download says and does otherwise than that of an upload; loaded with the first one. */

import { filePath } from "@naru/client";
import type { TransferRow } from "@naru/client/browser";
import type { FailureCode } from "@naru/core";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import { type DownloadWords, downloadWords } from "./language/download-words.ts";
import { currentLanguage } from "./language/language.ts";
import type { ButtonAction, RowView } from "./row-view.ts";

/** These begin from the first byte when they are tried again. */
const lost: ReadonlySet<FailureCode> = new Set(["file-changed", "checksum-mismatch"]);
/** In these the browser's own download may do. */
const plainWorks: ReadonlySet<FailureCode> = new Set(["no-space", "invalid", "internal", "unsupported"]);

function words(): DownloadWords {
  return downloadWords[currentLanguage()].download;
}

/** Tell which of a row's usual buttons a download has. */
function actions({ state, error }: TransferRow): readonly ButtonAction[] | undefined {
  if (state !== "failed") return undefined;
  return error?.code === "not-found" || error?.code === "invalid" ? ["cancel"] : ["retry", "cancel"];
}

/** Draw the buttons that only a download has, before its usual ones. */
function buttons({ row, t, act }: RowView): TemplateResult {
  const d = words();
  if (row.state === "done") {
    const save = html`<button class="small" data-action="save" aria-label=${d.save(row.name)} @click=${() => act("save", row)}>${d.saveDo}</button>`;
    const how = row.unverified
      ? html`<span class="verified" title=${d.unverifiedWhy}>${icon("download")}${d.unverified}</span>`
      : html`<span class="verified" title=${t.verifiedWhy}>${icon("check")}${t.verified}</span>`;
    return html`${row.maySave && !row.elsewhere ? save : nothing}${how}`;
  }
  const isPlain = row.state === "failed" && row.error !== undefined && plainWorks.has(row.error.code);
  return html`${isPlain ? html`<a class="button small" data-action="plain" href=${filePath(row.path)} download=${row.name} aria-label=${d.plain(row.name)}>${d.plainDo}</a>` : nothing}`;
}

/** Name a button otherwise: its label for those who do not see it, and its words. */
function label(action: ButtonAction, row: TransferRow): { label: string; text: string } | undefined {
  const d = words();
  if (action === "resume") return { label: d.resume(row.name), text: d.resumeDo };
  const isLost = action === "retry" && row.error !== undefined && lost.has(row.error.code);
  return isLost ? { label: d.startAgain(row.name), text: d.startAgainDo } : undefined;
}

/** Say what is so, where the words for uploads do not fit. */
function detail(row: TransferRow, view: RowView): string | TemplateResult | undefined {
  const { t, format } = view;
  const d = words();
  const { failures }: { readonly failures: Readonly<Partial<Record<FailureCode, { what: string; todo: string }>>> } = d;
  const percent = format.percent(row.confirmed, row.size);
  if (row.state === "done") {
    const where = row.folder === undefined ? d.saved : d.savedIn(row.folder);
    if (row.same) return [format.bytes(row.size), t.alreadyThere, where].join(" · ");
    const renamed = row.storedPath === undefined ? [] : [t.nameTaken(row.name)];
    return [format.bytes(row.size), ...renamed, where].join(" · ");
  }
  if (row.elsewhere) return `${format.bytesOf(row.confirmed, row.size)} · ${d.elsewhere}`;
  const code = view.refused ?? (row.state === "failed" ? (row.error?.code ?? "internal") : undefined);
  if (code !== undefined) {
    const { what, todo } = failures[code] ?? t.failures[code];
    const isKept = row.confirmed > 0 && !lost.has(code);
    return html`<strong>${what}</strong> ${isKept ? d.keptSoFar(percent) : d.nothingLost} ${todo}`;
  }
  if (row.needs !== "permission") return undefined;
  return `${row.confirmed > 0 ? `${d.keptSoFar(percent)} ` : ""}${d.needsPermission(row.folder ?? row.name)}`;
}

/** Name the bar for those who do not see it. */
function progressOf(name: string): string {
  return words().progressOf(name);
}

/** Say what is lost when a download is cancelled. */
function stopText(received: string): string {
  return words().stopText(received);
}

/** The part of a row that is a download's own. */
export interface DownloadPart {
  readonly actions: typeof actions;
  readonly buttons: typeof buttons;
  readonly label: typeof label;
  readonly detail: typeof detail;
  readonly progressOf: typeof progressOf;
  readonly stopText: typeof stopText;
}

export const downloadRows: DownloadPart = { actions, buttons, label, detail, progressOf, stopText };
