import { GuestApi } from "@naru/client";
import type { Incoming, Tick, Totals, Transfers } from "@naru/client/browser";
import type { DeliveredFile, GuestReceipt, WireGuestShare } from "@naru/core";
import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { guestWords, type WithGuestWords } from "../language/guest-words.ts";
import { Localized } from "../language/language.ts";
import "../naru-transfers.ts";
import "../naru-uploader.ts";
import { theme } from "../theme.ts";
import { AllowedFiles, type Refusal } from "./allowed-files.ts";
import { dropBoxStyle } from "./drop-box-style.ts";
import type { OpenGuestTransfers } from "./guest-transfers.ts";
import { saveReceipt } from "./receipt-text.ts";

const shownRefusals = 5;

/** `<naru-drop-box>`: where guests of a request send files, go on after a cut, and get a receipt. */
export class NaruDropBox extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dropBoxStyle];
  static override readonly properties: PropertyDeclarations = {
    address: {},
    share: { attribute: false },
    openTransfers: { attribute: false },
  };
  /** The link itself. */
  declare address: string;
  declare share: WireGuestShare | undefined;
  declare openTransfers: OpenGuestTransfers | undefined;

  readonly #words: Localized<WithGuestWords> = new Localized(this, guestWords);
  #transfers: Transfers | undefined;
  #receiver: Transfers | undefined;
  #unsubscribe: (() => void) | undefined;
  #totals: Totals | undefined;
  #receipt: GuestReceipt | undefined;
  #refused: readonly Refusal[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("beforeunload", this.#leaving);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#leaving);
    this.#unsubscribe?.();
    this.#transfers?.close();
  }

  override firstUpdated(): void {
    void this.#open();
  }

  override render(): TemplateResult {
    const { guest } = this.#words.t;
    const sender = this.share?.guest?.name ?? "";
    return html`${this.#limits()}
      <naru-uploader limited .transfers=${this.#receiver} .to=${""}></naru-uploader>
      <div role="alert">${this.#refusals()}</div>
      <naru-transfers placeless .transfers=${this.#transfers}></naru-transfers>
      ${this.#receiptView()}
      <p class="small">${icon("lock")}<span>${guest.onlyYou}${sender === "" ? nothing : html` ${guest.sender(sender)}.`}</span></p>`;
  }

  #limits(): TemplateResult | typeof nothing {
    const { t, format } = this.#words;
    const { maxFileSize, bytesLeft, filesLeft, types = [] } = this.share ?? {};
    const said = [
      ...(maxFileSize === undefined ? [] : [t.guest.maxFileSize(format.bytes(maxFileSize))]),
      ...(bytesLeft === undefined ? [] : [t.guest.bytesLeft(format.bytes(bytesLeft))]),
      ...(filesLeft === undefined ? [] : [t.guest.filesLeft(filesLeft)]),
      ...(types.length === 0 ? [] : [t.guest.types(types.join(", "))]),
    ];
    return said.length === 0 ? nothing : html`<p class="limits">${t.guest.limits}: ${said.join(" · ")}</p>`;
  }

  #refusals(): TemplateResult | typeof nothing {
    const { guest } = this.#words.t;
    if (this.#refused.length === 0) return nothing;
    const words: Readonly<Record<Refusal["why"], (name: string) => string>> = {
      system: guest.refusedSystem,
      type: guest.refusedType,
      size: guest.refusedSize,
      room: guest.refusedRoom,
    };
    return html`<div class="refused"><b>${guest.refused(this.#refused.length)}</b>
      <ul>${this.#refused.slice(0, shownRefusals).map(({ name, why }) => html`<li>${words[why](name)}</li>`)}</ul></div>`;
  }

  #receiptView(): TemplateResult | typeof nothing {
    const { t, format } = this.#words;
    const receipt = this.#receipt;
    if (receipt === undefined || receipt.files.length === 0) return nothing;
    const { files } = receipt;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    return html`<section class="receipt" aria-labelledby="receipt-title">
      <div class="head"><h2 id="receipt-title">${t.guest.receiptTitle}</h2>
        <button data-action="save-receipt" @click=${() => saveReceipt(receipt, this.#words)}>${icon("download")}${t.guest.receiptSave}</button></div>
      <p role="status">${icon("check")}<b>${t.guest.thanks(files.length, format.bytes(bytes))}</b></p>
      <p class="muted">${t.guest.receiptHint}</p>
      <ul>${files
        .slice(-100)
        .toReversed()
        .map((file) => this.#arrived(file))}</ul>
    </section>`;
  }

  #arrived({ path, size, crc64, arrived }: DeliveredFile): TemplateResult {
    const { format } = this.#words;
    return html`<li data-delivered=${path}><span class="name">${path}</span>
      <span class="muted">${format.bytes(size)} · ${format.when(new Date(arrived), new Date())}${crc64 === undefined ? nothing : html` · <code>${crc64}</code>`}</span></li>`;
  }

  async #open(): Promise<void> {
    await this.#fetchReceipt();
    const transfers = await this.openTransfers?.(this.address, this.share?.guest?.id ?? "");
    if (transfers === undefined) return;
    this.#transfers = transfers;
    this.#receiver = receiving(transfers, (files) => this.#allowed(files));
    this.#unsubscribe = transfers.subscribe((tick) => this.#take(tick));
    this.requestUpdate();
  }

  /** Files that the link takes; the others are named. */
  async *#allowed(files: Iterable<Incoming> | AsyncIterable<Incoming>): AsyncGenerator<Incoming> {
    const allowed = new AllowedFiles(this.share);
    this.#refused = [];
    for await (const incoming of files) {
      const refusal = allowed.refusal(incoming.file);
      if (refusal === undefined) yield incoming;
      else this.#refused = [...this.#refused, refusal];
    }
    this.requestUpdate();
  }

  #take(tick: Tick): void {
    this.#totals = tick.totals;
    const isOver = tick.rows.some(({ error }) => error?.code === "unauthenticated" || error?.code === "not-found");
    if (tick.arrived.length > 0) void this.#fetchReceipt();
    if (tick.arrived.length > 0 || isOver)
      this.dispatchEvent(new CustomEvent("naru-guest-changed", { bubbles: true, composed: true }));
  }

  async #fetchReceipt(): Promise<void> {
    try {
      this.#receipt = await new GuestApi({ origin: this.address }).receipt();
      this.requestUpdate();
    } catch {
      // What has arrived stands in the list all the same.
    }
  }

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#totals?.mayClose === false) event.preventDefault();
  };
}

/** The same transfers, which take no files but those that are let through. */
function receiving(
  transfers: Transfers,
  through: (files: Iterable<Incoming> | AsyncIterable<Incoming>) => AsyncIterable<Incoming>,
): Transfers {
  const add: Transfers["add"] = (files, options) => transfers.add(through(files), options);
  return new Proxy(transfers, {
    get: (target, name) => {
      if (name === "add") return add;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

customElements.define("naru-drop-box", NaruDropBox);
