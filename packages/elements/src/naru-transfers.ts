import type { Tick, Transfers } from "@naru/client/browser";
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
import { comebackNotice } from "./comeback-notice.ts";
import { needDownloadPart } from "./download-part.ts";
import { DropTarget } from "./drop-target.ts";
import { icon } from "./icons.ts";
import { Localized } from "./language/language.ts";
import { type TransfersWords, transfersWords } from "./language/transfers-words.ts";
import { loadPart } from "./load-part.ts";
import { Asking, dialogStyle } from "./question.ts";
import { QueueDrags } from "./queue-drags.ts";
import { unitOf } from "./queue-places.ts";
import { RowFocus } from "./row-focus.ts";
import { SpokenWords } from "./spoken-words.ts";
import { styleProperties } from "./style-properties.ts";
import { theme } from "./theme.ts";
import { TransferActs } from "./transfer-acts.ts";
import { itemHeight, itemRow } from "./transfer-item.ts";
import { type Filter, TransferList } from "./transfer-list.ts";
import { nameOf } from "./transfer-row.ts";
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

  readonly #words: Localized<TransfersWords> = new Localized(this, transfersWords);
  readonly #list: TransferList = new TransferList();
  readonly #window: VirtualWindow = new VirtualWindow();
  /** Rows of which it was said that they got another name. */
  readonly #renamed = new Set<string>();
  readonly #asking: Asking = new Asking(this);
  readonly #spoken: SpokenWords = new SpokenWords(this);
  readonly #acts: TransferActs = new TransferActs({
    host: this,
    words: this.#words,
    list: this.#list,
    asking: this.#asking,
    transfers: () => this.transfers,
    filter: () => this.#filter,
    spoken: this.#spoken,
    measureAgain: () => {
      this.#measured = "";
      this.requestUpdate();
    },
  });
  readonly #drags: QueueDrags = new QueueDrags(this, (unit, next) => this.#acts.moveBefore(unit, next));
  readonly #drop: DropTarget = new DropTarget(this, (files) => void this.#acts.chooseAll(files));
  #filter: Filter = "all";
  #measured = "";
  #scrollTop = 0;
  #viewHeight = 600;
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
    // An element that was there before its code was loaded has its transfers from then.
    if (changed.has("transfers") && (this.hasUpdated || this.#unsubscribe === undefined)) this.#follow();
  }

  override firstUpdated(): void {
    const scroller = this.#scroller();
    if (scroller !== null) this.#resized.observe(scroller);
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    const isEmpty = this.#list.size === 0;
    return html`<section aria-label=${t.transfers}>
      ${isEmpty ? emptyHead(t) : transfersHead(this.#headView())}
      <div class="body" ?hidden=${this.collapsed}>
        ${isEmpty ? nothing : tabLine(this.#headView())}
        ${this.#comeback()}
        ${this.#list.totals.fallback === "cors" ? html`<p class="notice warn">${icon("warning")}<span>${t.corsFallback}</span></p>` : nothing}
        ${isEmpty ? nothing : transfersTabs({ words: this.#words, counts: this.#list.counts(), shown: this.#filter, show: this.#show })}
        ${this.#rows()}
        <slot name="tools"></slot>
        ${this.#foot()}
      </div>
      ${this.#spoken.regions()}
      ${this.#asking.dialog() ?? nothing}
      ${this.#acts.choice.inputs()}
    </section>`;
  }

  #comeback(): TemplateResult | typeof nothing {
    return comebackNotice({
      words: this.#words,
      tally: this.#list.tally,
      isOver: this.#drop.isOver,
      carryOn: () => void this.#acts.carryOn(),
      chooseFolder: () => this.#acts.choice.openFolder(),
      discard: () => this.#acts.discard(),
    });
  }

  /** What is done with all rows, in words. */
  #foot(): TemplateResult {
    const { t } = this.#words;
    const { tally } = this.#list;
    const button = (action: string, words: string, click: () => void): TemplateResult =>
      html`<button class="small" data-action-all=${action} @click=${click}>${words}</button>`;
    return html`<footer>
      ${tally.count("failed") > 0 ? button("retry", t.retryAll, () => this.transfers?.retryAll()) : nothing}
      ${button("history", t.finishedTransfers, () => void this.showHistory())}
      ${tally.count("done", "cancelled") > 0 ? button("clear", t.clear, () => this.transfers?.clear()) : nothing}
    </footer>`;
  }

  /** Show what this browser has kept of finished transfers. */
  async showHistory(): Promise<void> {
    const { transfers } = this;
    if (transfers === undefined) return;
    const part = await loadPart(() => import("./naru-history.ts"));
    part?.showHistory(transfers);
  }

  #follow(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = this.transfers?.subscribe((tick) => this.#take(tick));
  }

  #take(tick: Tick): void {
    const before = this.#list.totals;
    this.#list.apply(tick);
    this.#acts.forget(tick.rows);
    needDownloadPart(tick.rows, () => this.#draw());
    const { t } = this.#words;
    const announcement = announcementBetween(before, tick.totals);
    if (announcement?.kind === "failed") this.#spoken.alarm(announced(announcement, t));
    else if (announcement !== undefined) this.#spoken.tell(announced(announcement, t));
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
      this.#spoken.tell(t.announceStoredAs(row.name, nameOf(row)));
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
      asking: this.#list.tally.asking.size > 0,
      paused: this.#list.tally.count("paused") > 0,
      speeds: this.#speeds,
      collapsed: this.collapsed,
      pauseAll: () => this.transfers?.pauseAll(),
      resumeAll: () => void this.#acts.resumeAll(),
      fold: () => {
        this.collapsed = !this.collapsed;
      },
    };
  }

  #rows(): TemplateResult {
    const { t } = this.#words;
    const items = this.#list.visible(this.#filter);
    const measured = `${this.#list.version} ${this.#filter} ${this.#acts.refusals}`;
    if (this.#measured !== measured) {
      this.#measured = measured;
      this.#window.measure(items.length, (index) => {
        const item = items[index];
        return item === undefined ? 0 : itemHeight(item, this.#acts);
      });
    }
    const placed = this.#window.visible(this.#scrollTop, this.#viewHeight).flatMap(({ index, top }) => {
      const item = items[index];
      return item === undefined ? [] : [{ item, top, position: index }];
    });
    const view = {
      words: this.#words,
      list: this.#list,
      filter: this.#filter,
      acts: this.#acts,
      count: items.length,
      canMove: this.#list.tally.count("waiting") > 1,
      opens: !this.hasAttribute("placeless"),
    };
    return html`<div class="scroller" id="rows" role="tabpanel" aria-labelledby="tab-${this.#filter}" tabindex="-1" @scroll=${this.#look}>
      <div class="rows" role="list" ${styleProperties({ height: `${this.#window.height}px` })}
        @dragstart=${this.#drags.onStart} @dragover=${this.#drags.onOver} @dragleave=${this.#drags.onLeave} @drop=${this.#drags.onDrop} @dragend=${this.#drags.onEnd}>
        ${repeat(
          placed,
          ({ item }) => unitOf(item),
          ({ item, top, position }) => itemRow({ ...view, item, top, position }),
        )}
      </div>
      ${items.length === 0 && this.#list.size > 0 ? html`<p class="muted none">${t.filterEmpty}</p>` : nothing}
    </div>`;
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
