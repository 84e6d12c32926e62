import type { Tick, TransferRow, Transfers } from "@naru/client/browser";
import { type FailureCode, isTransferError } from "@naru/core";
import {
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { repeat } from "lit/directives/repeat.js";
import { announced, announcementBetween } from "./announcements.ts";
import { FileChoice } from "./file-choice.ts";
import { icon } from "./icons.ts";
import { Localized } from "./language/language.ts";
import { Asking, dialogStyle } from "./question.ts";
import { RowFocus } from "./row-focus.ts";
import { stopQuestion } from "./stop-question.ts";
import { styleProperties } from "./style-properties.ts";
import { copyText, supportCode, supportText } from "./support-code.ts";
import { theme } from "./theme.ts";
import { type Filter, TransferList } from "./transfer-list.ts";
import { heightOf, nameOf, type RowAction, transferRow } from "./transfer-row.ts";
import { emptyHead, type HeadView, tabLine, transfersHead } from "./transfers-head.ts";
import { transfersStyle } from "./transfers-style.ts";
import { transfersTabs } from "./transfers-tabs.ts";
import { VirtualWindow } from "./virtual-window.ts";

const frameMs = 250;
/** Ten seconds of them. */
const speedsKept = 40;

/** `<naru-transfers>`: the list of transfers, with their totals and the answer to "may I close this tab?". */
export class NaruTransfers extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, transfersStyle];
  static override readonly properties: PropertyDeclarations = {
    transfers: { attribute: false },
    collapsed: { type: Boolean, reflect: true },
    busy: { type: Boolean, reflect: true },
  };
  /** Where the rows come from. */
  declare transfers: Transfers | undefined;
  /** Show only the head. */
  declare collapsed: boolean;
  /** There is at least one transfer. */
  declare busy: boolean;

  readonly #words: Localized = new Localized(this);
  readonly #list: TransferList = new TransferList();
  readonly #window: VirtualWindow = new VirtualWindow();
  readonly #refused = new Map<string, FailureCode>();
  /** Rows of which it was said that they got another name. */
  readonly #renamed = new Set<string>();
  readonly #asking: Asking = new Asking(this);
  readonly #choice: FileChoice = new FileChoice(
    () => this.renderRoot,
    (key, chosen) => void this.#offer(key, chosen),
  );
  #filter: Filter = "all";
  #measured = "";
  #scrollTop = 0;
  #viewHeight = 600;
  #announcement = "";
  #speeds: readonly number[] = [];
  #unsubscribe: (() => void) | undefined;
  #nextFrame: ReturnType<typeof setTimeout> | undefined;
  readonly #resized: ResizeObserver = new ResizeObserver(() => this.#look());

  constructor() {
    super();
    new RowFocus(this);
    this.collapsed = false;
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#resized.disconnect();
    clearTimeout(this.#nextFrame);
    this.#nextFrame = undefined;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("transfers") && this.hasUpdated) this.#follow();
  }

  override firstUpdated(): void {
    const scroller = this.#scroller();
    if (scroller !== null) this.#resized.observe(scroller);
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    return html`<section aria-label=${t.transfers}>
      ${this.#list.size === 0 ? emptyHead(t) : transfersHead(this.#headView())}
      <div class="body" ?hidden=${this.collapsed}>
        ${this.#list.size === 0 ? nothing : tabLine(this.#headView())}
        ${this.#list.totals.fallback === "cors" ? html`<p class="notice warn">${icon("warning")}<span>${t.corsFallback}</span></p>` : nothing}
        ${this.#list.size === 0 ? nothing : transfersTabs({ words: this.#words, counts: this.#list.counts(), shown: this.#filter, show: this.#show })}
        ${this.#rows()}
      </div>
      <div class="unseen" role="status" aria-live="polite">${this.#announcement}</div>
      ${this.#asking.dialog() ?? nothing}
      ${this.#choice.input()}
    </section>`;
  }

  #follow(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = this.transfers?.subscribe((tick) => this.#take(tick));
  }

  #take(tick: Tick): void {
    const before = this.#list.totals;
    this.#list.apply(tick);
    for (const { key, state } of tick.rows) if (state !== "needs-file" && state !== "failed") this.#refused.delete(key);
    const { t } = this.#words;
    const announcement = announcementBetween(before, tick.totals);
    if (announcement !== undefined) this.#announcement = announced(announcement, t);
    this.#sayStoredAs(tick);
    if (tick.arrived.length > 0) this.#draw();
    else this.#drawSoon();
  }

  /** A file that arrived under another name than its own is worth a word. */
  #sayStoredAs({ rows }: Tick): void {
    const { t } = this.#words;
    for (const row of rows) {
      if (row.storedPath === undefined || this.#renamed.has(row.key)) continue;
      this.#renamed.add(row.key);
      this.#announcement = t.announceStoredAs(row.name, nameOf(row));
    }
  }

  /** Bars move at most four times a second, however often ticks come. */
  #drawSoon(): void {
    if (this.#nextFrame !== undefined) return;
    this.#draw();
    this.#nextFrame = setTimeout(() => {
      this.#nextFrame = undefined;
      this.#draw();
    }, frameMs);
  }

  #draw(): void {
    this.#speeds = [...this.#speeds.slice(1 - speedsKept), this.#list.totals.speed];
    this.busy = this.#list.size > 0;
    this.requestUpdate();
  }

  #headView(): HeadView {
    const { t, format } = this.#words;
    return {
      t,
      format,
      totals: this.#list.totals,
      expires: this.#list.earliestExpiry(),
      motion: this.#list.motion(),
      asking: this.#list.asking().length > 0,
      ended: this.#list.counts().done,
      speeds: this.#speeds,
      collapsed: this.collapsed,
      clear: () => this.transfers?.clear(),
      pauseAll: () => this.transfers?.pauseAll(),
      resumeAll: () => void this.#resumeAll(),
      fold: () => {
        this.collapsed = !this.collapsed;
      },
    };
  }

  #rows(): TemplateResult {
    const { t, format } = this.#words;
    const rows = this.#list.visible(this.#filter);
    const measured = `${this.#list.version} ${this.#filter} ${this.#refused.size}`;
    if (this.#measured !== measured) {
      this.#measured = measured;
      this.#window.measure(rows.length, (index) => {
        const row = rows[index];
        return row === undefined ? 0 : heightOf(row, this.#refused.get(row.key));
      });
    }
    const placed = this.#window.visible(this.#scrollTop, this.#viewHeight).flatMap(({ index, top }) => {
      const row = rows[index];
      return row === undefined ? [] : [{ row, top, position: index }];
    });
    const act = (action: RowAction, row: TransferRow): void => this.#act(action, row);
    return html`<div class="scroller" id="rows" role="tabpanel" aria-labelledby="tab-${this.#filter}" tabindex="-1" @scroll=${this.#look}>
      <div class="rows" role="list" ${styleProperties({ height: `${this.#window.height}px` })}>
        ${repeat(
          placed,
          ({ row }) => row.key,
          ({ row, top, position }) =>
            transferRow({
              row,
              top,
              position,
              count: rows.length,
              t,
              format,
              refused: this.#refused.get(row.key),
              act,
            }),
        )}
      </div>
      ${rows.length === 0 && this.#list.size > 0 ? html`<p class="muted none">${t.filterEmpty}</p>` : nothing}
    </div>`;
  }

  #act(action: RowAction, row: TransferRow): void {
    const { key } = row;
    const { transfers } = this;
    if (transfers === undefined) return;
    const quietly = (promise: Promise<void>): void => void promise.catch((error: unknown) => this.#refuse(key, error));
    if (action === "pause") transfers.pause(key);
    else if (action === "resume") quietly(transfers.resume(key));
    else if (action === "retry") quietly(transfers.retry(key));
    else if (action === "cancel") {
      const question = stopQuestion(row, this.#words);
      const cancel = (): void => quietly(transfers.cancel(key));
      if (question === undefined) cancel();
      else this.#asking.ask(question, cancel);
    } else if (action === "copy-code") void this.#copyCode(row);
    else if (action === "browser") quietly(transfers.takeBack(key));
    else if (action === "choose") void this.#choice.open(key);
    // The agent's own panel does the rest: `<naru-agent>`.
    else this.dispatchEvent(new CustomEvent("naru-agent-send", { detail: row, bubbles: true, composed: true }));
  }

  async #copyCode(row: TransferRow): Promise<void> {
    const { t } = this.#words;
    const code = this.#refused.get(row.key) ?? row.error?.code ?? "internal";
    this.#announcement = (await copyText(supportText(code, row))) ? t.codeCopied : supportCode(code);
    this.requestUpdate();
  }

  /** One click goes on with everything: a browser that is asked about one kept file answers for the others too. */
  async #resumeAll(): Promise<void> {
    this.transfers?.resumeAll();
    try {
      for (const { key } of this.#list.asking()) await this.transfers?.resume(key);
    } catch {
      // Refused once, it is not asked again; each row still has its own button.
    }
  }

  async #offer(key: string, chosen: Parameters<Transfers["choose"]>[1]): Promise<void> {
    this.#refused.delete(key);
    try {
      await this.transfers?.choose(key, chosen);
    } catch (error) {
      this.#refuse(key, error);
    }
  }

  /** Say in the row why a click led to nothing. A refused permission changes nothing: the row already asks for it. */
  #refuse(key: string, error: unknown): void {
    const code = isTransferError(error) ? error.code : "internal";
    if (code === "forbidden") return;
    this.#refused.set(key, code);
    this.#announcement = this.#words.t.failures[code].what;
    this.#measured = "";
    this.requestUpdate();
  }

  readonly #show = (filter: Filter): void => {
    this.#filter = filter;
    this.#scrollTop = 0;
    this.#scroller()?.scrollTo({ top: 0 });
    this.requestUpdate();
  };

  readonly #look = (): void => {
    const scroller = this.#scroller();
    if (scroller === null) return;
    this.#scrollTop = scroller.scrollTop;
    this.#viewHeight = scroller.clientHeight;
    this.requestUpdate();
  };

  #scroller(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".scroller");
  }
}

customElements.define("naru-transfers", NaruTransfers);
