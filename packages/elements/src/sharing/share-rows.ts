import type { ShareLogEntry, WireShare } from "@naru/core";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";
import type { ShareWords, WithShareWords } from "../language/share-words.ts";

/** What of a link is about to be done that cannot be undone. */
export interface AskedOfShare {
  readonly id: string;
  readonly what: "renew" | "stop";
}

export interface ShareRowsOptions {
  readonly words: Localized<WithShareWords>;
  readonly asked: AskedOfShare | undefined;
  readonly ask: (asked: AskedOfShare | undefined) => void;
  readonly edit: (share: WireShare) => void;
  readonly log: (share: WireShare) => void;
  readonly renew: (share: WireShare) => void;
  readonly remove: (share: WireShare) => void;
}

/** What a link is called: its title, else the name of what it is to. */
export function nameOfShare({ title, path }: Pick<WireShare, "title" | "path">, t: ShareWords): string {
  if (title !== "") return title;
  const name = path.replace(/\/$/u, "").split("/").at(-1) ?? "";
  return name === "" ? t.allFiles : name;
}

/** Show the links of an account. */
export function shareRows(shares: readonly WireShare[], options: ShareRowsOptions): TemplateResult {
  const { share: t } = options.words.t;
  if (shares.length === 0)
    return html`<div class="none">${icon("link")}<p><b>${t.none}</b></p><p>${t.noneHint}</p></div>`;
  return html`<ul class="links">${shares.map((share) => shareRow(share, options))}</ul>`;
}

function shareRow(share: WireShare, options: ShareRowsOptions): TemplateResult {
  const { words, asked } = options;
  const { share: t } = words.t;
  const name = nameOfShare(share, t);
  return html`<li data-share=${share.id} data-state=${share.state}>
    ${icon(share.kind === "share" ? "download" : "upload")}
    <div class="grow">
      <span class="name">${name}</span><span class="state">${t.states[share.state]}</span>
      <span class="facts">${facts(share, words).map((fact) => html`<span>${fact}</span>`)}</span>
      ${asked?.id === share.id ? question(share, asked.what, options) : buttons(share, options)}
    </div>
  </li>`;
}

function facts(share: WireShare, { t, format }: Localized<WithShareWords>): readonly string[] {
  const { downloads, maxDownloads } = share;
  const taken =
    maxDownloads === undefined ? t.share.downloads(downloads) : t.share.downloadsOf(downloads, maxDownloads);
  return [
    share.path === "" ? t.share.allFiles : share.path,
    share.kind === "share" ? taken : t.share.received(share.files, format.bytes(share.bytes)),
    t.share.until(format.until(new Date(share.expires))),
    ...(share.hasPassword ? [t.share.locked] : []),
  ];
}

function buttons(share: WireShare, { words, ask, edit, log }: ShareRowsOptions): TemplateResult {
  const { share: t } = words.t;
  const name = nameOfShare(share, t);
  const button = (action: string, label: string, act: () => void): TemplateResult =>
    html`<button class="small" data-action=${action} aria-label=${t.named(label, name)} @click=${act}>${label}</button>`;
  const hasEnded = share.state === "revoked" || share.state === "expired";
  return html`<div class="acts">
    ${button("log", t.log, () => log(share))}
    ${share.state === "revoked" ? nothing : button("edit", t.edit, () => edit(share))}
    ${hasEnded ? nothing : button("renew", t.renew, () => ask({ id: share.id, what: "renew" }))}
    ${button("stop", hasEnded ? t.forget : t.stop, () => ask({ id: share.id, what: "stop" }))}
  </div>`;
}

function question(
  share: WireShare,
  what: AskedOfShare["what"],
  { words, ask, remove, renew }: ShareRowsOptions,
): TemplateResult {
  const { share: t } = words.t;
  const hasEnded = share.state === "revoked" || share.state === "expired";
  const stopping = hasEnded ? { text: t.forgetAsk, go: t.forget } : { text: t.stopAsk, go: t.stop };
  const { text, go } = what === "renew" ? { text: t.renewHint, go: t.renew } : stopping;
  return html`<div class="acts" role="group" aria-labelledby="asked"><span class="asked" id="asked">${text}</span>
    <button class="small" data-action="keep" @click=${() => ask(undefined)}>${t.keep}</button>
    <button class="small ${what === "stop" ? "danger" : ""}" data-action="confirm" @click=${() => (what === "renew" ? renew : remove)(share)}>${go}</button>
  </div>`;
}

/** Show what was taken and sent by a link. */
export function shareLog(entries: readonly ShareLogEntry[], words: Localized<WithShareWords>): TemplateResult {
  const { share: t } = words.t;
  if (entries.length === 0) return html`<p class="none">${t.logNone}</p>`;
  return html`<ul class="log">${entries.map((entry) => logRow(entry, words))}</ul>`;
}

function logRow(entry: ShareLogEntry, { t, format }: Localized<WithShareWords>): TemplateResult {
  const { what, path, size, bytes, at, guest, email, address } = entry;
  const who = [guest, email].filter((one) => one !== "").join(", ");
  const whole = bytes >= size ? format.bytes(size) : t.share.part(format.bytes(bytes), format.bytes(size));
  const facts = [
    `${what === "took" ? t.share.took : t.share.sent} ${whole}`,
    ...(what === "sent" && entry.ended === undefined ? [t.share.underWay] : []),
    who === "" ? t.share.someone : who,
    ...(address === "" ? [] : [address]),
  ];
  return html`<li data-entry=${path}>${icon(what === "took" ? "download" : "upload")}
    <div class="grow"><span class="name">${path}</span><span class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</span></div>
    <time class="facts" datetime=${at}>${format.when(new Date(at), new Date())}</time></li>`;
}
