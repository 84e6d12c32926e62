/** `<naru-add-files>`: the dialog that asks where chosen files go. */

import { isTransferError } from "@naru/core";
import { icon, theme } from "@naru/elements/design";
import { type CSSResultGroup, css, html, LitElement, nothing, type TemplateResult } from "lit";
import { call } from "./agent-call.ts";
import { type DestinationKind, newDestination } from "./new-destination.ts";
import type { Chosen, WindowModel } from "./window-model.ts";
import { formStyle, windowStyle } from "./window-style.ts";

const kinds: readonly DestinationKind[] = ["sftp", "ftps", "ftp", "https"];
const ports: Readonly<Record<DestinationKind, string>> = { sftp: "22", ftps: "21", ftp: "21", https: "443" };

/** The dialog; it tells `closed` when it is done with. */
export class NaruAddFiles extends LitElement {
  static override styles: CSSResultGroup = [theme, windowStyle, formStyle, css`:host { display: contents; }`];
  static override properties: Record<string, object> = { model: { attribute: false }, chosen: { attribute: false } };

  declare model: WindowModel;
  declare chosen: Chosen;
  #place: string | undefined;
  #kind: DestinationKind = "sftp";
  #isSending = false;
  #failed: string | undefined;
  /** The key of a server that nobody knew, to be compared. */
  #unknownKey: string | undefined;
  /** Whether the server was known by another key. */
  #isChanged = false;

  override willUpdate(): void {
    this.#place ??= this.model.facts?.places[0]?.id ?? "";
  }

  override render(): TemplateResult {
    const { w } = this.model;
    const { chosen } = this;
    return html`<dialog aria-labelledby="title" @close=${this.#close}>
      <form @submit=${this.#submit}>
        <h2 id="title">${chosen.kind === "typed" ? w.chooseFiles : w.add.title(chosen.kind === "paths" ? chosen.paths.length : chosen.files.length)}</h2>
        ${this.#files()}
        ${this.#places()}
        ${this.#place === "" ? this.#newDestination() : nothing}
        ${this.#unknownKey === undefined ? nothing : html`<p class="notice warn" role="alert">${icon("warning")}<span>${this.#isChanged ? w.add.changedKey : w.add.unknownKey}<br /><code>${this.#unknownKey}</code></span></p>`}
        ${this.#failed === undefined ? nothing : html`<p class="bad" role="alert">${this.#failed}</p>`}
        <div class="answers">
          <button type="button" @click=${this.#close}>${this.model.t.cancel}</button>
          <button class="primary" type="submit" data-action="send" ?disabled=${this.#isSending}>${this.#isSending ? w.add.sending : this.#unknownKey === undefined ? w.add.send : w.add.trust}</button>
        </div>
      </form>
    </dialog>`;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  #files(): TemplateResult {
    const { w } = this.model;
    const { chosen } = this;
    if (chosen.kind === "typed") {
      return html`<label class="field">${w.add.paths}<textarea name="paths" required spellcheck="false" autofocus></textarea></label>
        <p class="muted">${w.add.pathsHint}</p>`;
    }
    const names = chosen.kind === "paths" ? chosen.paths : chosen.files.map(({ path }) => path);
    const shown = names.slice(0, 3).join(", ");
    return html`<p class="muted">${names.length > 3 ? `${shown}, …` : shown}</p>
      ${chosen.kind === "loose" ? html`<p class="notice hold">${icon("lock")}<span>${w.add.dropped}</span></p>` : nothing}`;
  }

  #places(): TemplateResult | typeof nothing {
    const { w, facts } = this.model;
    const places = facts?.places ?? [];
    if (places.length === 0) return nothing;
    const change = (event: Event): void => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      this.#place = event.target.value;
      this.#unknownKey = undefined;
      this.requestUpdate();
    };
    const forget = (): void => {
      const place = this.#place;
      this.#place = undefined;
      if (place) void this.model.do(() => call("forget", { place })).then(() => this.requestUpdate());
    };
    const shown = places.find(({ id }) => id === this.#place)?.shown;
    return html`<div class="field"><label for="place">${w.add.where}</label>
      <div class="line">
        <select id="place" class="grow" @change=${change}>
          ${places.map(({ id, shown }) => html`<option value=${id} ?selected=${id === this.#place}>${shown}</option>`)}
          <option value="" ?selected=${this.#place === ""}>${w.add.another}</option>
        </select>
        ${shown === undefined ? nothing : html`<button class="bare" type="button" aria-label=${w.add.forget(shown)} title=${w.add.forget(shown)} @click=${forget}>${icon("trash")}</button>`}
      </div>
    </div>`;
  }

  #newDestination(): TemplateResult {
    const { w } = this.model;
    const isSite = this.#kind === "https";
    const change = (event: Event): void => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      const { value } = event.target;
      this.#kind = kinds.find((kind) => kind === value) ?? "sftp";
      this.#unknownKey = undefined;
      this.requestUpdate();
    };
    const names = { sftp: "SFTP", ftps: "FTPS", ftp: "FTP", https: w.add.naru };
    return html`<div class="fields">
      <div class="field"><label for="kind">${w.add.kind}</label>
        <select id="kind" name="kind" @change=${change}>
          ${kinds.map((kind) => html`<option value=${kind} ?selected=${kind === this.#kind}>${names[kind]}</option>`)}
        </select>
      </div>
      ${this.#kind === "ftp" ? html`<p class="notice warn">${icon("warning")}<span>${w.add.plainFtp}</span></p>` : nothing}
      <div class="pair">
        ${field(isSite ? w.add.site : w.add.host, { name: "host", required: true, placeholder: "files.example.com" })}
        ${field(w.add.port, { name: "port", inputmode: "numeric", pattern: "[0-9]{1,5}", placeholder: ports[this.#kind] })}
      </div>
      ${
        isSite
          ? field(w.add.token, { name: "token", type: "password", required: true })
          : html`<div class="half">
              ${field(w.add.user, { name: "user", required: this.#kind === "sftp" })}
              ${field(w.add.password, { name: "password", type: "password" })}
            </div>`
      }
      ${field(w.add.folder, { name: "folder", placeholder: "incoming/2026" })}
    </div>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    const word = (name: string): string => String(form.get(name) ?? "").trim();
    const to = this.#place ? { place: this.#place } : newDestination(this.#kind, word);
    const lines = word("paths")
      .split("\n")
      .map((line) => line.trim());
    const typed = { kind: "paths", paths: lines.filter((line) => line !== "") } as const;
    this.#isSending = true;
    this.#failed = undefined;
    this.requestUpdate();
    try {
      await this.model.send(this.chosen.kind === "typed" ? typed : this.chosen, { ...to, hostKey: this.#unknownKey });
      this.#close();
    } catch (error) {
      this.#fail(error);
    }
    this.#isSending = false;
    this.requestUpdate();
  };

  /** A server whose key nobody named is told by its key. */
  #fail(error: unknown): void {
    if (!isTransferError(error)) throw error;
    const [key] = /SHA256:[\w+/]{43}/.exec(error.message) ?? [];
    if (error.code === "forbidden" && key !== undefined && this.#unknownKey === undefined) {
      this.#unknownKey = key;
      this.#isChanged = / has CHANGED/.test(error.message);
      return;
    }
    this.#unknownKey = undefined;
    this.#failed = `${this.model.t.failures[error.code].what} (${error.message})`;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new Event("closed"));
  };
}

interface FieldOptions {
  readonly name: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly inputmode?: string;
  readonly pattern?: string;
}

function field(words: string, options: FieldOptions): TemplateResult {
  const { name, type = "text", required = false, placeholder = "", inputmode = "text", pattern = ".*" } = options;
  return html`<label class="field">${words}<input name=${name} type=${type} ?required=${required} placeholder=${placeholder} inputmode=${inputmode} pattern=${pattern} autocomplete="off" autocapitalize="off" spellcheck="false" /></label>`;
}

customElements.define("naru-add-files", NaruAddFiles);
