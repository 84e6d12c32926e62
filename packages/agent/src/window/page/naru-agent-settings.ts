/** `<naru-agent-settings>`: what the user may set; each change is kept at once. */

import { isTransferError } from "@naru/core";
import { dictionaries, Format, icon, type Language, theme } from "@naru/elements/design";
import { type CSSResultGroup, css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Settings } from "../../settings.ts";
import type { SpoolFacts, WindowCalls, WindowFacts } from "../window-wire.ts";
import { call } from "./agent-call.ts";
import { hoursFields } from "./hours-fields.ts";
import { formStyle, windowStyle } from "./window-style.ts";
import type { WindowWords } from "./words.ts";
import { windowWords } from "./words-of.ts";

const MB = 1e6;
const GB = 1e9;

/** A change; `null` takes a limit away. */
export type SettingsChange = { readonly [K in keyof Settings]?: Settings[K] | null };

/** The settings. */
export class NaruAgentSettings extends LitElement {
  static override styles: CSSResultGroup = [
    theme,
    windowStyle,
    formStyle,
    css`
      :host { display: grid; gap: 12px; height: auto; background: none; }
      section { padding: 14px 16px 16px; display: grid; gap: 12px; }
      .sites { display: grid; gap: 4px; }
      .sites li { display: flex; align-items: center; gap: 8px; min-height: 36px; }
      .said { min-height: 20px; color: var(--ok); font-size: 13px; }
      .days { display: flex; flex-wrap: wrap; gap: 4px 14px; }
    `,
  ];
  static override properties: Record<string, object> = {
    facts: { attribute: false },
    spool: { attribute: false },
    language: { attribute: false },
  };

  declare facts: WindowFacts;
  declare spool: SpoolFacts;
  declare language: Language;
  #failed: string | undefined;
  #isSaved = false;

  get #w(): WindowWords {
    return windowWords[this.language];
  }

  override render(): TemplateResult {
    const w = this.#w;
    return html`
      ${this.#failed === undefined ? nothing : html`<p class="bad" role="alert">${this.#failed}</p>`}
      ${this.#sending(w)} ${this.#spoolCard(w)} ${this.#program(w)} ${this.#sites(w)}
      <p class="said" role="status">${this.#isSaved ? w.set.saved : ""}</p>
    `;
  }

  #sending({ set }: WindowWords): TemplateResult {
    const { atOnce, bytesPerSecond, hours } = this.facts.settings;
    const speed = bytesPerSecond === undefined ? "" : String(bytesPerSecond / MB);
    return html`<section class="card">
      <h2>${set.sending}</h2>
      <div class="half">
        ${number(set.atOnce, { name: "atOnce", value: String(atOnce), least: 1, step: 1 }, (value) => this.#change({ atOnce: value ?? 3 }))}
        ${number(set.speed, { name: "speed", value: speed, least: 0.1, step: 0.1, placeholder: set.noLimit }, (value) =>
          this.#change({ bytesPerSecond: value === undefined ? null : Math.round(value * MB) }),
        )}
      </div>
      ${hoursFields(hours, set, (change) => this.#change({ hours: change }))}
    </section>`;
  }

  #spoolCard({ set }: WindowWords): TemplateResult {
    const { spoolLimit, spoolFolder = "" } = this.facts.settings;
    const change = (event: Event): void => {
      if (!(event.target instanceof HTMLInputElement)) return;
      const folder = event.target.value.trim();
      void this.#change({ spoolFolder: folder === "" ? null : folder });
    };
    return html`<section class="card">
      <h2>${set.spool}</h2>
      <p class="muted">${set.spoolWhy}</p>
      ${number(set.spoolLimit, { name: "spoolLimit", value: String(Math.round((spoolLimit / GB) * 100) / 100), least: 0.05, step: "any" }, (value) => this.#change({ spoolLimit: Math.round((value ?? 50) * GB) }))}
      <label class="field">${set.spoolFolder}<input name="spoolFolder" .value=${spoolFolder} placeholder=${`${this.facts.dataDir}/spool`} spellcheck="false" ?disabled=${this.spool.held > 0} @change=${change} /></label>
      <p class="muted">${set.spoolRestart}<br /><code>${this.spool.folder}</code></p>
    </section>`;
  }

  #program({ set }: WindowWords): TemplateResult {
    const { autostart, settings, dataDir, pagesPort } = this.facts;
    const flip = (event: Event): void => {
      if (event.target instanceof HTMLInputElement) void this.#call("autostart", { on: event.target.checked });
    };
    const speak = (event: Event): void => {
      if (!(event.target instanceof HTMLSelectElement)) return;
      void this.#change({ language: event.target.value === "ko" ? "ko" : "en" });
    };
    const language = settings.language ?? this.language;
    return html`<section class="card">
      <h2>${set.program}</h2>
      ${autostart === undefined ? nothing : html`<label class="check"><input type="checkbox" name="autostart" .checked=${autostart} @change=${flip} />${set.autostart}</label>`}
      <label class="field">${set.language}
        <select name="language" @change=${speak}>
          <option value="en" lang="en" ?selected=${language === "en"}>English</option>
          <option value="ko" lang="ko" ?selected=${language === "ko"}>한국어</option>
        </select>
      </label>
      <p class="muted">${pagesPort === undefined ? set.noPort : set.port(String(pagesPort))}<br />${set.dataFolder}: <code>${dataDir}</code></p>
      <div class="line">
        <button data-action="quit" @click=${() => void this.#call("command", { command: "quit" })}>${set.quit}</button>
        <span class="muted">&nbsp;&nbsp;${set.quitWhy}</span>
      </div>
    </section>`;
  }

  #sites({ set }: WindowWords): TemplateResult {
    const { servers } = this.facts;
    const format = new Format(this.language, dictionaries[this.language]);
    return html`<section class="card">
      <h2>${set.sites}</h2>
      ${servers.length === 0 ? html`<p class="muted">${set.noSites}</p>` : nothing}
      <ul class="sites">
        ${servers.map(
          ({ origin, user, since }) => html`<li>
            <span class="grow">${origin}<br /><span class="muted">${set.since(user, format.when(new Date(since), new Date()))}</span></span>
            <button class="bare" aria-label=${set.unpair(origin)} title=${set.unpair(origin)} @click=${() => void this.#call("unpair", { origin })}>${icon("trash")}</button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  async #change(change: SettingsChange): Promise<void> {
    await this.#call("command", { command: "settings", change });
  }

  async #call<K extends keyof WindowCalls>(name: K, body: WindowCalls[K]["takes"]): Promise<void> {
    this.#failed = undefined;
    this.#isSaved = false;
    try {
      await call(name, body);
      this.#isSaved = true;
    } catch (error) {
      const t = dictionaries[this.language];
      this.#failed = isTransferError(error) ? `${t.failures[error.code].what} (${error.message})` : String(error);
    }
    this.requestUpdate();
  }
}

interface NumberOptions {
  readonly name: string;
  readonly value: string;
  readonly least: number;
  readonly step: number | "any";
  readonly placeholder?: string;
}

function number(words: string, options: NumberOptions, changed: (value: number | undefined) => void): TemplateResult {
  const { name, value, least, step, placeholder = "" } = options;
  const change = (event: Event): void => {
    if (event.target instanceof HTMLInputElement && event.target.reportValidity()) {
      changed(event.target.value === "" ? undefined : event.target.valueAsNumber);
    }
  };
  return html`<label class="field">${words}<input type="number" name=${name} .value=${value} min=${least} step=${step} placeholder=${placeholder} @change=${change} /></label>`;
}

customElements.define("naru-agent-settings", NaruAgentSettings);
