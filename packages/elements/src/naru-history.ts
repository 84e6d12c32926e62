import type { HistoryEntry, TransferHistory, Transfers } from "@naru/client/browser";
import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from "lit";
import { csvReport, jsonReport } from "./history-report.ts";
import { historyStyle } from "./history-style.ts";
import { historyWords } from "./history-words.ts";
import { icon } from "./icons.ts";
import { Localized } from "./language/language.ts";
import { Asking, dialogStyle } from "./question.ts";
import { saveBlob } from "./save-blob.ts";
import { theme } from "./theme.ts";
import { addressOf } from "./where-link.ts";

const rowsAtOnce = 100;

/** `<naru-history>`: what this browser has kept of finished transfers, in a dialog: searched, saved as proof, cleared. */
export class NaruHistory extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, historyStyle];

  readonly #words: Localized<(typeof historyWords)["en"]> = new Localized(this, historyWords);
  readonly #asking: Asking = new Asking(this);
  readonly #transfers: Pick<Transfers, "history">;
  #history: TransferHistory | undefined;
  #reader: AsyncGenerator<HistoryEntry> | undefined;
  #rows: readonly HistoryEntry[] = [];
  #state: "loading" | "ready" | "failed" = "loading";
  #isMore = false;
  #query = "";
  #said = "";

  constructor(transfers: Pick<Transfers, "history">) {
    super();
    this.#transfers = transfers;
  }

  override firstUpdated(): void {
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#history?.close();
  }

  override render(): TemplateResult {
    const { history: t } = this.#words.t;
    const isEmpty = this.#rows.length === 0;
    // What is asked stands first: of all dialogs it is the one that answering closes.
    return html`${this.#asking.dialog() ?? nothing}<dialog class="panel" aria-labelledby="title" @close=${this.#closed}>
      <div class="head"><h2 id="title">${t.title}</h2>
        <button class="bare" data-action="close" aria-label=${t.close} title=${t.close} @click=${this.#close}>${icon("close")}</button></div>
      <p class="about muted">${t.about}</p>
      <div class="tools">
        <input type="search" aria-label=${t.find} placeholder=${t.find} @input=${this.#search} />
        <button data-action="csv" ?disabled=${isEmpty} @click=${() => this.#save(csvReport)}>${icon("download")}${t.csv}</button>
        <button data-action="json" ?disabled=${isEmpty} @click=${() => this.#save(jsonReport)}>${t.json}</button>
        <button data-action="clear-history" ?disabled=${isEmpty && this.#query === ""} @click=${this.#askClear}>${t.clear}</button>
      </div>
      ${this.#list()}
      <p class="unseen" role="status">${this.#said}</p>
    </dialog>`;
  }

  #list(): TemplateResult {
    const { history: t, loading } = this.#words.t;
    if (this.#state === "failed") return html`<p class="none" role="alert">${t.failed}</p>`;
    if (this.#state === "loading") return html`<p class="none" aria-busy="true">${loading}</p>`;
    if (this.#rows.length === 0) return html`<p class="none">${this.#query === "" ? t.none : t.noMatch}</p>`;
    return html`<ul tabindex="0" aria-label=${t.title}>${this.#rows.map((entry) => this.#row(entry))}
      ${this.#isMore ? html`<li class="rest"><button data-action="more" @click=${this.#more}>${t.more}</button></li>` : nothing}</ul>`;
  }

  #row(entry: HistoryEntry): TemplateResult {
    const { t, format } = this.#words;
    const { path, size, at, direction, crc64, same } = entry;
    const slash = path.lastIndexOf("/") + 1;
    const [folder, name] = [path.slice(0, slash), path.slice(slash)];
    const time = new Date(at);
    return html`<li data-history=${path} data-direction=${direction}>
      <div class="line"><span class="name" title=${path}><a href=${addressOf(path)} @click=${this.#close}>${name}</a></span><span class="size">${format.bytes(size)}</span></div>
      <div class="line muted"><time class="grow" datetime=${time.toISOString()}>${direction === "up" ? t.history.sent : t.history.received} · ${format.when(time, new Date())}${same ? ` · ${t.history.alreadyThere}` : ""}</time>
        <a href=${addressOf(folder)} aria-label=${t.history.openFolder(folder === "" ? t.allFiles : folder.slice(0, -1))} @click=${this.#close}>${icon("folder")}<span>${folder === "" ? t.allFiles : folder.slice(0, -1)}</span></a></div>
      <div class="line muted">${
        crc64 === undefined
          ? t.history.noChecksum
          : html`<span class="grow">${t.history.checksum} <code>${crc64}</code></span>
            ${navigator.clipboard === undefined ? nothing : html`<button class="bare" data-action="copy" aria-label=${t.history.copy(name)} title=${t.history.copy(name)} @click=${() => this.#copy(crc64)}>${icon("copy")}</button>`}`
      }</div>
    </li>`;
  }

  async #open(): Promise<void> {
    try {
      this.#history = await this.#transfers.history();
      await this.#read();
    } catch {
      this.#state = "failed";
    }
    this.requestUpdate();
  }

  /** Read from the latest. */
  async #read(): Promise<void> {
    const reader = this.#history?.entries({ words: this.#query });
    this.#reader = reader;
    this.#rows = [];
    await this.#more();
    if (this.#reader === reader) this.#state = "ready";
    this.requestUpdate();
  }

  readonly #more = async (): Promise<void> => {
    const reader = this.#reader;
    const rows: HistoryEntry[] = [];
    while (reader !== undefined && rows.length < rowsAtOnce) {
      const { done, value } = await reader.next();
      if (done) break;
      rows.push(value);
    }
    // Something else is looked for meanwhile.
    if (this.#reader !== reader) return;
    this.#rows = [...this.#rows, ...rows];
    this.#isMore = rows.length === rowsAtOnce;
    this.requestUpdate();
  };

  readonly #search = (event: Event): void => {
    if (event.currentTarget instanceof HTMLInputElement) this.#query = event.currentTarget.value.trim();
    void this.#read();
  };

  async #save(report: typeof csvReport): Promise<void> {
    const entries = this.#history?.entries({ words: this.#query });
    if (entries === undefined) return;
    const { t, format } = this.#words;
    const made = await report(entries, { server: location.origin, made: new Date() });
    saveBlob(made.blob, made.name);
    this.#said = t.history.saved(format.count(made.count));
    this.requestUpdate();
  }

  async #copy(text: string): Promise<void> {
    // Where the browser refuses, it stands there to be marked by hand.
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (isCopied) this.#said = this.#words.t.history.copied;
    this.requestUpdate();
  }

  readonly #askClear = (): void => {
    const { history: t } = this.#words.t;
    this.#asking.ask({ title: t.clearTitle, text: t.clearText, keep: t.keep, go: t.clear }, async () => {
      await this.#history?.clear();
      await this.#read();
    });
  };

  readonly #close = (): void => {
    this.renderRoot.querySelector<HTMLDialogElement>(".panel")?.close();
  };

  readonly #closed = (event: Event): void => {
    if (event.target === this.renderRoot.querySelector(".panel")) this.remove();
  };
}

customElements.define("naru-history", NaruHistory);

/** Show the history over the page; the focus goes back to where it was when it is closed. */
export function showHistory(transfers: Pick<Transfers, "history">): void {
  document.body.append(new NaruHistory(transfers));
}
