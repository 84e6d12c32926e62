/** `<naru-agent-settings>`: what the user may set; each change is kept at once. */

import { isTransferError, type TransferError } from "@naru/core";
import { dictionaries, Format, icon, type Language, theme } from "@naru/elements/design";
import { type CSSResultGroup, css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Settings } from "../../settings.ts";
import type { SpoolFacts, WindowCalls, WindowFacts } from "../window-wire.ts";
import { call } from "./agent-call.ts";
import { hoursFields } from "./hours-fields.ts";
import { type NumberField, numberField } from "./number-field.ts";
import { formStyle, windowStyle } from "./window-style.ts";
import type { WindowWords } from "./words.ts";
import { windowWords } from "./words-of.ts";

const MB = 1e6;
const GB = 1e9;
/** MB/s or GB; far from what cannot be counted. */
const most = 1e6;

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
        ${numberField({
          name: "atOnce",
          words: set.atOnce,
          value: String(atOnce),
          least: 1,
          most: 1000,
          step: 1,
          changed: (value) => this.#change(value === undefined ? {} : { atOnce: value }),
          refused: this.#refuse,
        })}
        ${numberField({
          name: "speed",
          words: set.speed,
          value: speed,
          least: 0.1,
          most,
          step: "any",
          placeholder: set.noLimit,
          changed: (value) => this.#change({ bytesPerSecond: value === undefined ? null : Math.round(value * MB) }),
          refused: this.#refuse,
        })}
      </div>
      ${hoursFields(hours, set, (change) => this.#change({ hours: change }))}
    </section>`;
  }

  #spoolCard({ set }: WindowWords): TemplateResult {
    const { spoolLimit, spoolFolder = "" } = this.facts.settings;
    const limit = String(Math.round((spoolLimit / GB) * 100) / 100);
    const change = async ({ target }: Event): Promise<void> => {
      if (!(target instanceof HTMLInputElement)) return;
      const folder = target.value.trim();
      if (!(await this.#change({ spoolFolder: folder === "" ? null : folder }))) target.value = spoolFolder;
    };
    return html`<section class="card">
      <h2>${set.spool}</h2>
      <p class="muted">${set.spoolWhy}</p>
      ${numberField({
        name: "spoolLimit",
        words: set.spoolLimit,
        value: limit,
        least: 0.05,
        most,
        step: "any",
        changed: (value) => this.#change(value === undefined ? {} : { spoolLimit: Math.round(value * GB) }),
        refused: this.#refuse,
      })}
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

  #change(change: SettingsChange): Promise<boolean> {
    return this.#call("command", { command: "settings", change });
  }

  readonly #refuse = ({ words, value, least, most, placeholder = "" }: NumberField): void => {
    const { set } = this.#w;
    const shown = (bound: number): string => bound.toLocaleString(this.language);
    this.#isSaved = false;
    this.#failed = set.outside(words, { least: shown(least), most: shown(most), held: value || placeholder });
    this.requestUpdate();
  };

  async #call<K extends keyof WindowCalls>(name: K, body: WindowCalls[K]["takes"]): Promise<boolean> {
    this.#failed = undefined;
    this.#isSaved = false;
    try {
      await call(name, body);
      this.#isSaved = true;
    } catch (error) {
      this.#failed = isTransferError(error) ? `${this.#whatOf(error)} (${error.message})` : String(error);
    }
    this.requestUpdate();
    return this.#isSaved;
  }

  /** What is refused here is a setting, not a file. */
  #whatOf({ code }: TransferError): string {
    return code === "invalid" ? this.#w.set.unusable : dictionaries[this.language].failures[code].what;
  }
}

customElements.define("naru-agent-settings", NaruAgentSettings);
