import type { Tick, Totals, Transfers } from "@naru/client/browser";
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { DoneNotice } from "./done-notice.ts";
import { Favicon } from "./favicon.ts";
import { icon } from "./icons.ts";
import { currentLanguage, Localized } from "./language/language.ts";
import { type ToolsWords, toolsWords } from "./language/tools-words.ts";
import { theme } from "./theme.ts";
import { WakeLock } from "./wake-lock.ts";

/** Bytes per second that can be chosen. */
const limits: readonly number[] = [0.5e6, 1e6, 2e6, 5e6, 10e6, 20e6, 50e6, 100e6];
/** What takes longer than this is worth a notification at its end. */
const longSeconds = 60;

/**
 * `<naru-transfer-tools>`: a limit for the speed, and a notification at the end. While files are on their way it keeps the
 * screen awake and shows in the tab's icon how far they are. Loaded when the first file moves.
 */
export class NaruTransferTools extends LitElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    css`
      :host { display: block; }
      .tools { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding: 6px 16px; font-size: 13px; color: var(--muted); border-top: 1px solid var(--line); }
      label { display: inline-flex; gap: 8px; align-items: center; }
      select { font: inherit; color: var(--text); background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; min-height: 30px; padding: 2px 6px; }
      button { font-size: 13px; min-height: 30px; padding: 2px 10px; margin-left: auto; color: var(--text); }
      button[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); }
      p { margin: 0; flex-basis: 100%; }
    `,
  ];
  static override readonly properties: PropertyDeclarations = { transfers: { attribute: false } };
  /** Whose speed is limited, and whose end is told. */
  declare transfers: Transfers | undefined;

  readonly #words: Localized = new Localized(this);
  readonly #notice: DoneNotice = new DoneNotice();
  #wakeLock: WakeLock | undefined;
  #favicon: Favicon | undefined;
  #followed: Transfers | undefined;
  #unsubscribe: (() => void) | undefined;
  #totals: Totals | undefined;
  /** A transfer has been long, or the button was pressed: from then on it stays. */
  #isOffered = false;
  #refused = false;
  #drawn = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.#wakeLock = new WakeLock();
    this.#favicon = new Favicon();
    window.addEventListener("storage", this.#stored);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("storage", this.#stored);
    this.#wakeLock?.close();
    this.#favicon?.close();
    this.#unsubscribe?.();
    this.#followed = undefined;
  }

  override willUpdate(): void {
    if (this.#followed === this.transfers) return;
    this.#unsubscribe?.();
    this.#followed = this.transfers;
    this.#unsubscribe = this.transfers?.subscribe((tick) => this.#take(tick));
    if (this.transfers === undefined) {
      this.#wakeLock?.keep(false);
      this.#favicon?.close();
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { transfers } = this;
    if (transfers === undefined || (!this.#isOpen() && transfers.limit === undefined)) return nothing;
    return html`<div class="tools" role="group" aria-label=${this.#t.tools}>${this.#limit(transfers)}${this.#notify()}</div>`;
  }

  #limit(transfers: Transfers): TemplateResult {
    const { format } = this.#words;
    const { limit: current } = transfers;
    const choices = [...new Set([...limits, ...(current === undefined ? [] : [current])])].sort((a, b) => a - b);
    const changed = ({ currentTarget }: Event): void => {
      if (!(currentTarget instanceof HTMLSelectElement)) return;
      transfers.setLimit(currentTarget.value === "" ? undefined : Number(currentTarget.value));
      this.requestUpdate();
    };
    return html`<label>${this.#t.limit}<select data-action="limit" @change=${changed}>
      <option value="" ?selected=${current === undefined}>${this.#t.noLimit}</option>
      ${choices.map((bytes) => html`<option value=${bytes} ?selected=${bytes === current}>${format.speed(bytes)}</option>`)}
    </select></label>`;
  }

  /** A button first: a browser that asks by itself is refused, and then for ever. */
  #notify(): TemplateResult | typeof nothing {
    const { state } = this.#notice;
    if (this.#refused && state === "refused") return html`<p role="status">${this.#t.notifyRefused}</p>`;
    if (state === "absent" || state === "refused" || !this.#isOpen()) return nothing;
    if (state === "off" && !this.#isOffered) return nothing;
    const isOn = state === "on";
    return html`<button data-action="notify" aria-pressed=${isOn} @click=${() => void this.#toggle(isOn)}>${isOn ? icon("check") : nothing}${isOn ? this.#t.notifyOn : this.#t.notify}</button>`;
  }

  async #toggle(isOn: boolean): Promise<void> {
    if (isOn) this.#notice.turnOff();
    else await this.#notice.turnOn();
    this.#isOffered = true;
    this.#refused = this.#notice.state === "refused";
    this.requestUpdate();
  }

  #take({ totals }: Tick): void {
    this.#totals = totals;
    this.#wakeLock?.keep(!totals.mayClose);
    this.#favicon?.show(totals);
    this.#notice.follow(totals, this.#t);
    this.#isOffered ||= (totals.secondsLeft ?? 0) > longSeconds;
    // Ticks come four times a second; what is drawn changes seldom.
    const drawn = `${this.#isOpen()} ${this.#isOffered}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.requestUpdate();
  }

  #isOpen(): boolean {
    return this.#totals !== undefined && this.#totals.active + this.#totals.waiting > 0;
  }

  get #t(): ToolsWords {
    return toolsWords[currentLanguage()];
  }

  readonly #stored = (): void => this.requestUpdate();
}

customElements.define("naru-transfer-tools", NaruTransferTools);
