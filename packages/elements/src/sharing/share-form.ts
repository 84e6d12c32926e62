import type { ChangeShare, CreateShare, GuestField, WireShare } from "@naru/core";
import { html, nothing, type TemplateResult } from "lit";
import type { Localized } from "../language/language.ts";
import type { WithShareWords } from "../language/share-words.ts";

/** What a link is to be for; `share` is there when one is changed. */
export interface ShareDraft {
  readonly kind: CreateShare["kind"];
  readonly path: string;
  readonly share?: WireShare | undefined;
}

export interface ShareFormOptions {
  readonly words: Localized<WithShareWords>;
  readonly defaultDays: number;
  readonly maxDays: number;
  readonly problem: string | undefined;
  readonly busy: boolean;
  readonly submit: (event: SubmitEvent) => void;
  readonly cancel: () => void;
}

const day = 24 * 60 * 60_000;
const gigabyte = 1_000_000_000;
const offeredDays = [1, 3, 7, 14, 30, 90, 365];
const letters = "abcdefghijkmnopqrstuvwxyz23456789";

/** Draw the form by which a link is made or changed. */
export function shareForm(draft: ShareDraft, options: ShareFormOptions): TemplateResult {
  const { words, problem, busy, submit, cancel } = options;
  const { share: t } = words.t;
  const { kind, share } = draft;
  return html`<form class="fields" novalidate @submit=${submit}>
    <label>${t.title} <span class="muted">(${t.titleHint})</span><input name="title" maxlength="200" autocomplete="off" .value=${share?.title ?? ""} /></label>
    <label>${t.note}<textarea name="note" maxlength="4000" rows="2" .value=${share?.note ?? ""}></textarea></label>
    <div class="pair">
      <label>${t.expires}<select name="days">${daysOffered(draft, options)}</select></label>
      ${kind === "share" ? numberField("maxDownloads", t.maxDownloads, { hint: t.noLimit, value: share?.maxDownloads }) : nothing}
    </div>
    ${passwordField(draft, t)}
    ${kind === "request" ? requestFields(draft, t) : html`<label class="check"><input type="checkbox" name="preview" .checked=${share?.preview ?? true} />${t.preview}</label>`}
    <div role="alert">${problem === undefined ? nothing : html`<p class="bad" id="problem">${problem}</p>`}</div>
    <div class="answers">
      <button type="button" data-action="cancel" @click=${cancel}>${words.t.cancel}</button>
      <button class="primary" data-action="save-link" ?disabled=${busy}>${share === undefined ? t.make : t.save}</button>
    </div>
  </form>`;
}

/** What the form says, as the server takes it. */
export function shareIn(form: HTMLFormElement, { kind, path }: ShareDraft): CreateShare {
  const read = reader(form);
  const common = { kind, path, title: read.text("title"), note: read.text("note"), expires: read.end() };
  const password = read.text("password");
  const secret = password === "" ? {} : { password };
  if (kind === "share") {
    return { ...common, ...secret, maxDownloads: read.number("maxDownloads"), preview: read.flag("preview") };
  }
  return { ...common, ...secret, ...limitsIn(read), senderFolders: read.flag("senderFolders") };
}

/** The same of one that is changed: what is empty now is taken away. */
export function changeIn(form: HTMLFormElement, { kind }: ShareDraft): ChangeShare {
  const read = reader(form);
  const typed = read.text("password");
  const password = read.flag("removePassword") ? null : typed === "" ? undefined : typed;
  const common = { title: read.text("title"), note: read.text("note"), expires: read.end(), password };
  if (kind === "share") {
    return { ...common, maxDownloads: read.number("maxDownloads") ?? null, preview: read.flag("preview") };
  }
  const { maxFileSize, maxBytes, maxFiles, ...others } = limitsIn(read);
  const limits = { maxFileSize: maxFileSize ?? null, maxBytes: maxBytes ?? null, maxFiles: maxFiles ?? null };
  return { ...common, ...others, ...limits };
}

/** Whether a password was typed that the server would refuse. */
export function hasShortPassword(form: HTMLFormElement): boolean {
  const { length } = [...reader(form).text("password")];
  return length > 0 && length < 4;
}

interface Reader {
  text(name: string): string;
  flag(name: string): boolean;
  number(name: string, unit?: number): number | undefined;
  end(): string | undefined;
}

function reader(form: HTMLFormElement): Reader {
  const data = new FormData(form);
  const text = (name: string): string => String(data.get(name) ?? "").trim();
  return {
    text,
    flag: (name) => data.has(name),
    number: (name, unit = 1) => {
      const value = Math.round(Number(text(name)) * unit);
      return Number.isSafeInteger(value) && value > 0 ? value : undefined;
    },
    end: () => {
      const days = Number(text("days"));
      return days > 0 ? new Date(Date.now() + days * day).toISOString() : undefined;
    },
  };
}

function limitsIn(read: Reader): Pick<CreateShare, "asks" | "maxBytes" | "maxFileSize" | "maxFiles" | "types"> {
  const asks = (["name", "email"] as const).filter((field: GuestField) => read.flag(`ask-${field}`));
  const types = read
    .text("types")
    .split(/[\s,]+/u)
    .filter((one) => one !== "");
  const maxFileSize = read.number("maxFileSize", gigabyte);
  return { asks, types, maxFileSize, maxBytes: read.number("maxBytes", gigabyte), maxFiles: read.number("maxFiles") };
}

function daysOffered(
  { share }: ShareDraft,
  { words, defaultDays, maxDays }: ShareFormOptions,
): readonly TemplateResult[] {
  const { share: t } = words.t;
  const days = [...new Set([...offeredDays.filter((one) => one < maxDays), maxDays])];
  const asItIs =
    share && html`<option value="" selected>${t.unchangedUntil(words.format.until(new Date(share.expires)))}</option>`;
  return [
    ...(asItIs ? [asItIs] : []),
    ...days.map(
      (count) =>
        html`<option value=${count} ?selected=${share === undefined && count === defaultDays}>${t.days(count)}</option>`,
    ),
  ];
}

type Sharing = WithShareWords["share"];

function passwordField({ share }: ShareDraft, t: Sharing): TemplateResult {
  const has = share?.hasPassword === true;
  const hint = share === undefined ? t.passwordHint : has ? t.passwordSet : t.passwordNone;
  return html`<div class="password">
      <label>${t.password}<input name="password" type="text" maxlength="1000" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder=${hint} /></label>
      <button type="button" data-action="make-password" @click=${generate}>${t.makePassword}</button>
    </div>
    ${has ? html`<label class="check"><input type="checkbox" name="removePassword" />${t.removePassword}</label>` : nothing}`;
}

function requestFields({ share }: ShareDraft, t: Sharing): TemplateResult {
  const asked = (field: GuestField): boolean => share?.asks.includes(field) ?? field === "name";
  const inGigabytes = (bytes: number | undefined): number | undefined =>
    bytes === undefined ? undefined : bytes / gigabyte;
  return html`<fieldset><legend>${t.asks}</legend>
      <label class="check"><input type="checkbox" name="ask-name" .checked=${asked("name")} />${t.askName}</label>
      <label class="check"><input type="checkbox" name="ask-email" .checked=${asked("email")} />${t.askEmail}</label>
    </fieldset>
    ${share === undefined ? html`<label class="check"><input type="checkbox" name="senderFolders" checked />${t.senderFolders}</label>` : nothing}
    <fieldset><legend>${t.limits}</legend>
      <div class="pair">
        ${numberField("maxFileSize", t.maxFileSize, { hint: t.noLimit, value: inGigabytes(share?.maxFileSize), step: "any" })}
        ${numberField("maxBytes", t.maxBytes, { hint: t.noLimit, value: inGigabytes(share?.maxBytes), step: "any" })}
        ${numberField("maxFiles", t.maxFiles, { hint: t.noLimit, value: share?.maxFiles })}
        <label>${t.types}<input name="types" maxlength="500" autocomplete="off" placeholder=${t.typesHint} .value=${share?.types.join(", ") ?? ""} /></label>
      </div>
    </fieldset>`;
}

function numberField(
  name: string,
  label: string,
  { hint, value, step = "1" }: { readonly hint: string; readonly value?: number | undefined; readonly step?: string },
): TemplateResult {
  return html`<label>${label}<input name=${name} type="number" min="0" step=${step} inputmode="decimal" placeholder=${hint} .value=${value === undefined ? "" : String(value)} /></label>`;
}

/** A password that can be read out. */
function generate(event: Event): void {
  const { form } = event.currentTarget instanceof HTMLButtonElement ? event.currentTarget : { form: null };
  const field = form?.querySelector<HTMLInputElement>("[name=password]");
  if (!field) return;
  const random = crypto.getRandomValues(new Uint8Array(64));
  // Bytes beyond the last full round would favour the first letters.
  const fair = [...random].filter((byte) => byte < letters.length * 7).slice(0, 12);
  field.value = fair.map((byte) => letters.charAt(byte % letters.length)).join("");
}
