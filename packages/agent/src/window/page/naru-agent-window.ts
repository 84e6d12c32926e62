/** `<naru-agent-window>`: the agent's window. It shows what the agent tells, and asks the agent for the rest. */

import { isTransferError } from "@naru/core";
import {
  bar,
  dictionaries,
  Format,
  fromDataTransfer,
  icon,
  type Language,
  theme,
  transfersStyle,
} from "@naru/elements/design";
import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { TransferView } from "../../transfers/transfer-view.ts";
import type { SpoolFacts, WhereTo, WindowFacts } from "../window-wire.ts";
import { type Chosen, NaruAddFiles } from "./naru-add-files.ts";
import { call, listen } from "./agent-call.ts";
import { saidBetween } from "./announce.ts";
import { handOver, handOverAgain, type LooseFile } from "./feed.ts";
import { keyAction } from "./list-keys.ts";
import "./naru-agent-settings.ts";
import { pairingCards } from "./pairing-cards.ts";
import { type ItemAction, isOver, transferItem } from "./transfer-item.ts";
import { formStyle, windowStyle } from "./window-style.ts";
import { en } from "./words-en.ts";
import { ko } from "./words-ko.ts";
import type { WindowWords } from "./words.ts";

/** The window's words, by language. */
export const windowWords: Readonly<Record<Language, WindowWords>> = { ko, en };

/** The root of the window. */
export class NaruAgentWindow extends LitElement {
  static override styles: CSSResultGroup = [theme, transfersStyle, formStyle, windowStyle];

  #transfers = new Map<string, TransferView>();
  #order: readonly string[] = [];
  #facts: WindowFacts | undefined;
  #spool: SpoolFacts = { held: 0, free: 0 };
  #view: "transfers" | "settings" = "transfers";
  #isLost = false;
  #isOver = false;
  #isPicking = false;
  #chosen: string | undefined;
  #adding: Chosen | undefined;
  #cancelling: TransferView | undefined;
  #failed: string | undefined;
  #said = "";
  /** Transfers whose bytes this window sends now. */
  readonly #feeding = new Set<string>();

  get #language(): Language {
    return this.#facts?.settings.language ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");
  }

  /** Begin to show what the agent tells. */
  listen(): void {
    listen(
      {
        all: ({ transfers, facts, spool }) => {
          this.#transfers = new Map(transfers.map((one) => [one.id, one]));
          this.#order = transfers.map(({ id }) => id);
          this.#spool = spool;
          this.#setFacts(facts);
        },
        changes: ({ changed, order, spool }) => {
          this.#said = saidBetween(this.#transfers, changed, dictionaries[this.#language]) ?? this.#said;
          for (const one of changed) this.#transfers.set(one.id, one);
          this.#order = order;
          this.#spool = spool;
          this.requestUpdate();
        },
        facts: (facts) => this.#setFacts(facts),
      },
      () => {
        this.#isLost = true;
        this.requestUpdate();
      },
    );
    addEventListener("beforeunload", (event) => {
      if (this.#unfed > 0) event.preventDefault();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("dragover", this.#dragged);
    this.addEventListener("dragleave", this.#dragged);
    this.addEventListener("drop", this.#dropped);
  }

  override render(): TemplateResult | typeof nothing {
    const w = windowWords[this.#language];
    if (this.#isLost) {
      return html`<div class="lost" role="alert">${icon("ferry")}<h2>${w.ended}</h2><p class="muted">${w.endedWhy}</p></div>`;
    }
    if (this.#facts === undefined) return nothing;
    return html`
      <header class="top">
        <h1 class="brand">${icon("ferry")}${w.title}</h1>
        <nav class="switch">${this.#tab("transfers", w.transfers)}${this.#tab("settings", w.settings)}</nav>
      </header>
      <main class=${this.#isOver ? "over" : ""}>
        ${pairingCards(this.#facts.pairings, w, (name, origin) => void this.#do(() => call(name, { origin })))}
        ${this.#failed === undefined ? nothing : html`<p class="notice warn" role="alert">${icon("warning")}<span>${this.#failed}</span></p>`}
        ${this.#view === "transfers" ? this.#transfersView(w) : html`<naru-agent-settings .facts=${this.#facts} .spool=${this.#spool} .words=${w} .language=${this.#language}></naru-agent-settings>`}
      </main>
      ${this.#footer(w)} ${this.#dialogs(w)}
      <div class="unseen" role="status" aria-live="polite">${this.#said}</div>
    `;
  }

  override updated(): void {
    document.documentElement.lang = this.#language;
    document.title = windowWords[this.#language].title;
    for (const dialog of this.renderRoot.querySelectorAll("dialog")) if (!dialog.open) dialog.showModal();
  }

  get #list(): readonly TransferView[] {
    return this.#order.flatMap((id) => this.#transfers.get(id) ?? []);
  }

  /** Bytes that this window must still hand over. */
  get #unfed(): number {
    return [...this.#feeding].reduce((sum, id) => sum + (this.#transfers.get(id)?.unfed ?? 0), 0);
  }

  #tab(view: "transfers" | "settings", words: string): TemplateResult {
    const open = (): void => {
      this.#view = view;
      this.requestUpdate();
    };
    return html`<button data-view=${view} aria-pressed=${this.#view === view} @click=${open}>${words}</button>`;
  }

  #transfersView(w: WindowWords): TemplateResult {
    const unfed = this.#unfed;
    const format = new Format(this.#language, dictionaries[this.#language]);
    return html`
      <div class="drop">
        <button class="primary" data-action="add" ?disabled=${this.#isPicking} @click=${this.#pick}>${icon("upload")}${this.#isPicking ? w.choosing : w.chooseFiles}</button>
        <span class="muted">${this.#isOver ? w.dropNow : w.dropHere}</span>
      </div>
      ${unfed > 0 ? html`<p class="notice hold">${icon("lock")}<span>${w.keepWindow(format.bytes(unfed))}</span></p>` : nothing}
      ${this.#listCard(w, format)}
    `;
  }

  #listCard(w: WindowWords, format: Format): TemplateResult {
    const list = this.#list;
    const t = dictionaries[this.#language];
    if (list.length === 0) {
      return html`<section class="card empty"><h2>${w.empty}</h2><p class="muted">${w.emptyHint}</p></section>`;
    }
    const chosen = list.some(({ id }) => id === this.#chosen) ? this.#chosen : list[0]?.id;
    const open = list.filter((one) => !isOver(one));
    const act = (action: ItemAction, transfer: TransferView): void => void this.#act(action, transfer);
    return html`<section class="card" aria-labelledby="list-title">
      <div class="head">
        <h2 id="list-title">${w.transfers}</h2>
        <span class="muted">${w.summary(open.length, list.length)}</span>
        ${this.#headButtons(list, w)}
      </div>
      <ul aria-describedby="keys" @keydown=${this.#pressed} @focusin=${this.#focused}>
        ${repeat(
          list,
          ({ id }) => id,
          (transfer, position) => {
            const place = { transfer, position, count: list.length, isChosen: transfer.id === chosen };
            return transferItem({ ...place, t, w, format, act });
          },
        )}
      </ul>
    </section>`;
  }

  #headButtons(list: readonly TransferView[], w: WindowWords): TemplateResult {
    const all = (command: string, of: readonly TransferView[]) => async () => {
      for (const { id } of of) await this.#do(() => call("command", Object.assign({ command }, { id })));
    };
    const paused = list.filter(({ state }) => state === "paused");
    const going = list.filter((one) => !isOver(one) && one.state !== "paused");
    const done = list.filter(({ state }) => state === "done" || state === "cancelled");
    return html`
      ${going.length > 0 || paused.length === 0 ? html`<button class="bare-text first" ?hidden=${going.length === 0} @click=${all("pause", going)}>${w.pauseAll}</button>` : html`<button class="first" @click=${all("resume", paused)}>${w.resumeAll}</button>`}
      <button class=${going.length === 0 && paused.length === 0 ? "first" : ""} ?hidden=${done.length === 0} data-action="clear" @click=${all("remove", done)}>${w.clearDone}</button>
    `;
  }

  #footer(w: WindowWords): TemplateResult {
    const format = new Format(this.#language, dictionaries[this.#language]);
    const limit = this.#facts?.settings.spoolLimit ?? 0;
    const { held, free } = this.#spool;
    const text = w.spoolUse(format.bytes(held), format.bytes(limit), format.bytes(free));
    return html`<footer>
      <span>${w.spoolLabel}</span>
      ${bar({ confirmed: held, inFlight: 0, size: Math.max(1, limit) }, { label: w.spoolLabel, valueText: text })}
      <span data-spool=${held}>${text}</span>
      <span class="unseen" id="keys">${w.keys}</span>
    </footer>`;
  }

  #dialogs(w: WindowWords): TemplateResult {
    const { places = [] } = this.#facts ?? {};
    const closed = (): void => {
      this.#adding = undefined;
      this.#cancelling = undefined;
      this.requestUpdate();
    };
    const cancelling = this.#cancelling;
    return html`
      ${this.#adding === undefined ? nothing : html`<naru-add-files .chosen=${this.#adding} .places=${places} .words=${w} .language=${this.#language} .send=${this.#send} @closed=${closed}></naru-add-files>`}
      ${
        cancelling === undefined
          ? nothing
          : html`<dialog aria-labelledby="cancel-title" @close=${closed}>
              <h2 id="cancel-title">${w.cancelAsk(cancelling.name)}</h2>
              <p class="muted">${w.cancelWhy}</p>
              <div class="answers">
                <button autofocus @click=${closed}>${w.keep}</button>
                <button class="danger" data-action="cancel-now" @click=${() => void this.#command("cancel", cancelling).then(closed)}>${w.cancelDo}</button>
              </div>
            </dialog>`
      }
    `;
  }

  #setFacts(facts: WindowFacts): void {
    this.#facts = facts;
    this.requestUpdate();
  }

  async #act(action: ItemAction, transfer: TransferView): Promise<void> {
    this.#chosen = transfer.id;
    if (action === "cancel") {
      this.#cancelling = transfer;
      this.requestUpdate();
    } else if (action === "up" || action === "down") {
      const place = this.#order.indexOf(transfer.id) + (action === "up" ? -1 : 1);
      if (place < 0 || place >= this.#order.length) return;
      await this.#do(() => call("command", Object.assign({ command: "move" }, { id: transfer.id, place })));
      await this.updateComplete;
    } else if (action === "choose") this.#chooseAgain(transfer);
    else await this.#command(action, transfer);
  }

  async #command(command: string, { id }: TransferView): Promise<void> {
    await this.#do(() => call("command", Object.assign({ command }, { id })));
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const item = event.target instanceof HTMLElement ? event.target : undefined;
    const transfer = this.#transfers.get(item?.dataset["id"] ?? "");
    // Keys are the item's own: inside it, buttons have theirs.
    if (transfer === undefined || item?.localName !== "li") return;
    const action = keyAction(event, transfer);
    if (action === undefined) return;
    event.preventDefault();
    if (action === "next" || action === "previous") {
      const other = action === "next" ? item.nextElementSibling : item.previousElementSibling;
      if (other instanceof HTMLElement) other.focus();
    } else void this.#act(action, transfer);
  };

  readonly #focused = (event: FocusEvent): void => {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    this.#chosen = item?.dataset["id"] ?? this.#chosen;
    this.requestUpdate();
  };

  readonly #pick = async (): Promise<void> => {
    this.#isPicking = true;
    this.requestUpdate();
    await this.#do(async () => {
      const paths = await call("pick", {});
      if (paths === null) this.#adding = { kind: "typed" };
      else if (paths.length > 0) this.#adding = { kind: "paths", paths };
    });
    this.#isPicking = false;
    this.requestUpdate();
  };

  readonly #dragged = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const isOver = event.type === "dragover";
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.requestUpdate();
  };

  readonly #dropped = (event: DragEvent): void => {
    const data = event.dataTransfer;
    if (!data?.types.includes("Files")) return;
    event.preventDefault();
    this.#isOver = false;
    void this.#do(async () => {
      const files: LooseFile[] = [];
      for await (const { path, file } of fromDataTransfer(data)) files.push({ path, file });
      if (files.length > 0) this.#adding = { kind: "loose", files };
    });
  };

  /** Send what was chosen; what fails is the dialog's to tell. */
  readonly #send = async (chosen: Chosen, to: WhereTo): Promise<void> => {
    if (chosen.kind === "typed") return;
    if (chosen.kind === "paths") return void (await call("add", { files: chosen.paths, to }));
    const begun = chosen.files.map((file) => handOver(file, to, this.#feeding));
    await Promise.all(begun.map(async (one) => (await one).begun));
    void this.#do(() => Promise.all(begun.map(async (one) => (await one).over)));
  };

  #chooseAgain(transfer: TransferView): void {
    const input = document.createElement("input");
    input.type = "file";
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file === undefined) return;
      this.#feeding.add(transfer.id);
      void this.#do(() => handOverAgain(transfer.id, file)).finally(() => this.#feeding.delete(transfer.id));
    });
    input.click();
  }

  /** Do something that may fail, and say so. */
  async #do(act: () => Promise<unknown>): Promise<void> {
    this.#failed = undefined;
    try {
      await act();
    } catch (error) {
      const t = dictionaries[this.#language];
      this.#failed = isTransferError(error) ? `${t.failures[error.code].what} (${error.message})` : String(error);
    }
    this.requestUpdate();
  }
}

customElements.define("naru-agent-window", NaruAgentWindow);
