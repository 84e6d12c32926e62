/** `<naru-agent-window>`: the agent's window. It shows what the agent tells, and asks the agent for the rest. */

import { bar, fromDataTransfer, icon, theme, transfersStyle } from "@naru/elements/design";
import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from "lit";
import type { LooseFile } from "./feed.ts";
import "./naru-add-files.ts";
import "./naru-agent-settings.ts";
import { pairingCards } from "./pairing-cards.ts";
import { transfersView } from "./transfers-view.ts";
import { WindowModel } from "./window-model.ts";
import { formStyle, windowStyle } from "./window-style.ts";

/** The root of the window. */
export class NaruAgentWindow extends LitElement {
  static override styles: CSSResultGroup = [theme, transfersStyle, formStyle, windowStyle];

  readonly #model: WindowModel = new WindowModel(() => this.requestUpdate());

  /** Begin to show what the agent tells. */
  listen(): void {
    this.#model.listen();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A file dropped beside the zone must not replace the page.
    addEventListener("dragover", this.#dragged);
    addEventListener("dragleave", this.#dragged);
    addEventListener("drop", this.#dropped);
    addEventListener("beforeunload", this.#leaving);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("dragover", this.#dragged);
    removeEventListener("dragleave", this.#dragged);
    removeEventListener("drop", this.#dropped);
    removeEventListener("beforeunload", this.#leaving);
  }

  override render(): TemplateResult | typeof nothing {
    const model = this.#model;
    const { w, facts, spool, language, failed } = model;
    if (model.isLost) {
      return html`<div class="lost" role="alert">${icon("ferry")}<h2>${w.ended}</h2><p class="muted">${w.endedWhy}</p></div>`;
    }
    if (facts === undefined) return nothing;
    return html`
      <header class="top">
        <h1 class="brand">${icon("ferry")}${w.title}</h1>
        <nav class="switch">${this.#tab("transfers", w.transfers)}${this.#tab("settings", w.settings)}</nav>
      </header>
      <main class=${model.isDraggedOver ? "over" : ""}>
        ${pairingCards(model)}
        ${failed === undefined ? nothing : html`<p class="notice warn" role="alert">${icon("warning")}<span>${failed}</span></p>`}
        ${
          model.view === "transfers"
            ? transfersView(model)
            : html`<naru-agent-settings .facts=${facts} .spool=${spool} .language=${language}></naru-agent-settings>`
        }
      </main>
      ${this.#footer()} ${this.#dialogs()}
      <div class="unseen" role="status" aria-live="polite">${model.announcement}</div>
    `;
  }

  override updated(): void {
    document.documentElement.lang = this.#model.language;
    document.title = this.#model.w.title;
    for (const dialog of this.renderRoot.querySelectorAll("dialog")) if (!dialog.open) dialog.showModal();
  }

  #tab(view: "transfers" | "settings", words: string): TemplateResult {
    const isOpen = this.#model.view === view;
    return html`<button data-view=${view} aria-pressed=${isOpen} @click=${() => this.#model.set({ view })}>${words}</button>`;
  }

  #footer(): TemplateResult {
    const { w, format, facts, spool } = this.#model;
    const limit = facts?.settings.spoolLimit ?? 0;
    const text = w.spoolUse(format.bytes(spool.held), format.bytes(limit), format.bytes(spool.free));
    return html`<footer>
      <span>${w.spoolLabel}</span>
      ${bar({ confirmed: spool.held, inFlight: 0, size: Math.max(1, limit) }, { label: w.spoolLabel, valueText: text })}
      <span data-spool=${spool.held}>${text}</span>
      <span class="unseen" id="keys">${w.keys}</span>
    </footer>`;
  }

  #dialogs(): TemplateResult {
    const model = this.#model;
    const { w, adding, cancelling } = model;
    const closed = (): void => model.set({ adding: undefined, cancelling: undefined });
    const cancel = (): void => {
      if (cancelling !== undefined) void model.command("cancel", cancelling).then(closed);
    };
    return html`
      ${adding === undefined ? nothing : html`<naru-add-files .model=${model} .chosen=${adding} @closed=${closed}></naru-add-files>`}
      ${
        cancelling === undefined
          ? nothing
          : html`<dialog aria-labelledby="cancel-title" @close=${closed}>
              <h2 id="cancel-title">${w.cancelAsk(cancelling.name)}</h2>
              <p class="muted">${w.cancelWhy}</p>
              <div class="answers">
                <button autofocus @click=${closed}>${w.keep}</button>
                <button class="danger" data-action="cancel-now" @click=${cancel}>${w.cancelDo}</button>
              </div>
            </dialog>`
      }
    `;
  }

  readonly #dragged = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const isDraggedOver = event.type === "dragover";
    if (isDraggedOver !== this.#model.isDraggedOver) this.#model.set({ isDraggedOver });
  };

  readonly #dropped = (event: DragEvent): void => {
    const data = event.dataTransfer;
    if (!data?.types.includes("Files")) return;
    event.preventDefault();
    this.#model.set({ isDraggedOver: false });
    const dropped = fromDataTransfer(data);
    void this.#model.do(async () => {
      const files: LooseFile[] = [];
      for await (const { path, file } of dropped) files.push({ path, file });
      if (files.length > 0) this.#model.set({ adding: { kind: "loose", files } });
    });
  };

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.#model.unfed > 0) event.preventDefault();
  };
}

customElements.define("naru-agent-window", NaruAgentWindow);
