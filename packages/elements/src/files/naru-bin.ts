import { FilesApi, type NaruApi } from "@naru/client";
import { isTransferError, type WireBinItem } from "@naru/core";
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "../icons.ts";
import { Localized } from "../language/language.ts";
import { Asking, dialogStyle } from "../question.ts";
import { theme } from "../theme.ts";
import { binWords, type WithBinWords } from "./bin-words.ts";

/**
 * `<naru-bin>`: what was removed, to be restored or removed for good, in a dialog. Fires `naru-restored` with the path of
 * what is back, and `close`.
 */
export class NaruBin extends LitElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    dialogStyle,
    css`
      dialog.bin { width: min(760px, calc(100vw - 28px)); min-height: min(360px, calc(100dvh - 48px)); max-height: min(720px, calc(100dvh - 48px)); padding: 0; }
      dialog.bin[open] { display: flex; flex-direction: column; }
      header { display: flex; align-items: center; gap: 10px; padding: 20px 24px 0; }
      header h2 { flex: 1; margin: 0; }
      .kept { padding: 4px 24px 12px; margin: 0; color: var(--muted); font-size: 14px; border-bottom: 1px solid var(--line); }
      ul { list-style: none; margin: 0; padding: 0; overflow-y: auto; flex: 1; }
      li { display: flex; gap: 12px; align-items: center; padding: 9px 24px; border-bottom: 1px solid color-mix(in srgb, var(--line) 70%, transparent); }
      li > .icon { color: var(--muted); }
      .item { flex: 1; min-width: 0; }
      .item b { font-weight: 520; }
      .item * { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .blank { flex: 1; display: grid; place-content: center; justify-items: center; text-align: center; color: var(--muted); padding: 24px; }
      .blank .icon { width: 32px; height: 32px; stroke-width: 1.1; }
      .blank b { color: var(--text); }
      .more { margin: 12px auto; }
      .bad { margin: 0; padding: 10px 24px; color: var(--bad); background: var(--bad-soft); }
      @media (max-width: 640px) {
        li { flex-wrap: wrap; gap: 8px; padding: 10px 16px; }
        .item { flex: 1 1 calc(100% - 40px); }
        header, .kept { padding-left: 16px; padding-right: 16px; }
        li button { flex: 1; }
      }
    `,
  ];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false } };
  /** The server whose bin is shown. */
  declare api: NaruApi | undefined;

  readonly #words: Localized<WithBinWords> = new Localized(this, binWords);
  readonly #asking: Asking = new Asking(this);
  #state: "loading" | "ready" | "failed" = "loading";
  #items: readonly WireBinItem[] = [];
  #cursor: string | undefined;
  #failure: string | undefined;
  #busy = new Set<string>();
  #announcement = "";

  override firstUpdated(): void {
    void this.#load();
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    // The question stands first: it is the first dialog that a question closes.
    return html`${this.#asking.dialog() ?? nothing}<dialog class="bin" aria-labelledby="bin" @close=${this.#closed}>
        <header><h2 id="bin">${t.bin.title}</h2>
          ${this.#items.length === 0 ? nothing : html`<button data-action="empty-bin" @click=${this.#askEmpty}>${icon("trash")}${t.bin.emptyDo}</button>`}
          <button class="bare" autofocus data-action="close" aria-label=${t.bin.close} title=${t.bin.close} @click=${this.#close}>${icon("close")}</button></header>
        <p class="kept">${t.bin.kept}</p>
        ${this.#failure === undefined ? nothing : html`<p class="bad" role="alert">${this.#failure}</p>`}
        ${this.#list()}
        <p class="unseen" role="status">${this.#announcement}</p>
      </dialog>`;
  }

  #list(): TemplateResult {
    const { t } = this.#words;
    if (this.#state === "loading" && this.#items.length === 0)
      return html`<p class="blank" aria-busy="true" role="status">${t.loading}</p>`;
    if (this.#state === "failed" && this.#items.length === 0)
      return html`<div class="blank" role="alert"><p>${t.loadFailed}</p><button @click=${() => void this.#load()}>${t.tryAgain}</button></div>`;
    if (this.#items.length === 0)
      return html`<div class="blank">${icon("trash")}<p><b>${t.bin.empty}</b><br />${t.bin.emptyHint}</p></div>`;
    return html`<ul aria-label=${t.bin.title} tabindex="-1">
      ${repeat(
        this.#items,
        ({ id }) => id,
        (item) => this.#row(item),
      )}
      ${this.#cursor === undefined ? nothing : html`<li><button class="more" @click=${() => void this.#load()}>${t.bin.showMore}</button></li>`}
    </ul>`;
  }

  #row(item: WireBinItem): TemplateResult {
    const { t, format } = this.#words;
    const name = nameOf(item);
    const folder = folderOf(item);
    const size = format.bytes(item.size);
    const holds = item.path.endsWith("/") ? t.bin.files(format.count(item.files), size) : size;
    const when = format.when(new Date(item.removed), new Date());
    const isBusy = this.#busy.has(item.id);
    return html`<li data-bin=${item.path} aria-busy=${isBusy}>${icon(item.path.endsWith("/") ? "folder" : "file")}
      <div class="item"><b title=${item.path}>${name}</b>
        <span class="muted">${t.bin.from(folder === "" ? t.allFiles : folder)} · ${t.bin.goes(format.when(new Date(item.expires), new Date()))}</span>
        <span class="muted">${t.bin.facts(holds, when, item.by)}</span></div>
      <button data-action="restore" ?disabled=${isBusy} aria-label=${t.bin.restoreName(name)} @click=${() => void this.#restore(item)}>${icon("undo")}${t.bin.restore}</button>
      <button class="bare" data-action="for-good" ?disabled=${isBusy} aria-label=${t.bin.forGoodName(name)} title=${t.bin.forGood} @click=${() => this.#askForGood(item)}>${icon("trash")}</button>
    </li>`;
  }

  async #load(): Promise<void> {
    await this.#do(async (files) => {
      const page = await files.listBin({ cursor: this.#cursor });
      this.#items = [...this.#items, ...page.items];
      this.#cursor = page.cursor;
    });
    this.#state = this.#failure === undefined ? "ready" : "failed";
    this.requestUpdate();
  }

  async #restore(item: WireBinItem): Promise<void> {
    await this.#doWith(item, async (files) => {
      const path = await files.restore(item);
      this.#announcement = this.#words.t.bin.restored(path);
      this.dispatchEvent(new CustomEvent("naru-restored", { detail: path }));
    });
  }

  #askForGood(item: WireBinItem): void {
    const { bin } = this.#words.t;
    const name = nameOf(item);
    const question = { title: bin.askTitle, text: bin.ask(name), keep: bin.keep, go: bin.forGood };
    const remove = (): Promise<void> =>
      this.#doWith(item, async (files) => {
        await files.removeFromBin(item.id);
        this.#announcement = bin.removed(name);
      });
    this.#asking.ask(question, () => void remove());
  }

  readonly #askEmpty = (): void => {
    const { bin } = this.#words.t;
    const question = { title: bin.askEmptyTitle, text: bin.askEmpty, keep: bin.keep, go: bin.emptyDo };
    const empty = (): Promise<void> =>
      this.#do(async (files) => {
        await files.emptyBin();
        this.#items = [];
        this.#cursor = undefined;
        this.#announcement = bin.emptied;
      });
    this.#asking.ask(question, () => void empty());
  };

  /** The focus goes to the row that takes the place of one that goes. */
  async #doWith(item: WireBinItem, work: (files: FilesApi) => Promise<void>): Promise<void> {
    this.#busy.add(item.id);
    const at = this.#items.indexOf(item);
    await this.#do(work);
    this.#busy.delete(item.id);
    if (this.#failure === undefined) this.#items = this.#items.filter(({ id }) => id !== item.id);
    this.requestUpdate();
    await this.updateComplete;
    const rows = this.renderRoot.querySelectorAll("li[data-bin]");
    const row = rows[Math.min(at, rows.length - 1)];
    (row ?? this.renderRoot)
      .querySelector<HTMLElement>(row === undefined ? "[data-action=close]" : "[data-action=restore]")
      ?.focus();
  }

  async #do(work: (files: FilesApi) => Promise<void>): Promise<void> {
    if (this.api === undefined) return;
    this.#failure = undefined;
    this.requestUpdate();
    try {
      await work(new FilesApi({ origin: this.api.origin, auth: this.api.auth }));
    } catch (error) {
      const code = isTransferError(error) ? error.code : "internal";
      this.#failure = this.#words.t.failures[code].what;
      if (code === "unauthenticated")
        this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
    }
    this.requestUpdate();
  }

  readonly #close = (): void => {
    this.renderRoot.querySelector<HTMLDialogElement>("dialog.bin")?.close();
  };

  readonly #closed = (): void => {
    this.dispatchEvent(new Event("close"));
  };
}

function nameOf({ path }: WireBinItem): string {
  return path.split("/").at(path.endsWith("/") ? -2 : -1) ?? path;
}

function folderOf(item: WireBinItem): string {
  return item.path.slice(0, item.path.lastIndexOf(nameOf(item)));
}

customElements.define("naru-bin", NaruBin);
