import type { ConflictPolicy } from "@naru/core";
import { html, nothing, type TemplateResult } from "lit";
import type { Localized } from "../language/language.ts";
import { closeDialog } from "../question.ts";
import type { Entry } from "./entry.ts";
import type { FilesHost } from "./files-model.ts";
import type { WithOperationWords } from "./operation-words.ts";

/** What is to become of entries whose names are taken. */
export type ClashAnswer = Extract<ConflictPolicy, "rename" | "overwrite"> | "skip";

interface Asked {
  readonly entries: readonly Entry[];
  readonly folder: string;
  readonly answer: (answer: ClashAnswer) => void;
}

/** Asks once for all entries whose names are taken where they are to go. */
export class ClashQuestion {
  readonly #host: FilesHost;
  readonly #words: Localized<WithOperationWords>;
  #asked: Asked | undefined;

  constructor(host: FilesHost, words: Localized<WithOperationWords>) {
    this.#host = host;
    this.#words = words;
  }

  ask(entries: readonly Entry[], folder: string): Promise<ClashAnswer> {
    return new Promise((answer) => {
      this.#asked = { entries, folder, answer };
      this.#host.requestUpdate();
    });
  }

  dialog(): TemplateResult | typeof nothing {
    if (this.#asked === undefined) return nothing;
    const { entries, folder } = this.#asked;
    const { t, format } = this.#words;
    // A folder is never replaced: what is in it would be gone.
    const canReplace = entries.every(({ kind }) => kind === "file");
    const shown = entries.slice(0, 3).map(({ name }) => `“${name}”`);
    const names = `${shown.join(", ")}${entries.length > shown.length ? " …" : ""}`;
    return html`<dialog role="alertdialog" aria-labelledby="title" aria-describedby="meaning" @close=${() => this.#answer("skip")}>
      <h2 id="title">${t.does.clashTitle(format.count(entries.length))}</h2>
      <p id="meaning">${t.does.clash(names, folder)}</p>
      <div class="answers">
        <button type="button" data-action="skip" @click=${() => this.#answer("skip")}>${t.does.skip}</button>
        ${canReplace ? html`<button type="button" class="replace" data-action="replace" @click=${() => this.#answer("overwrite")}>${t.does.replaceThem}</button>` : nothing}
        <button type="button" class="primary" autofocus data-action="confirm" @click=${() => this.#answer("rename")}>${t.does.keepBoth}</button>
      </div>
    </dialog>`;
  }

  #answer(answer: ClashAnswer): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    this.#asked = undefined;
    closeDialog(this.#host.renderRoot);
    this.#host.requestUpdate();
    asked.answer(answer);
  }
}
