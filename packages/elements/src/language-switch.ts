import { html, nothing, type TemplateResult } from "lit";
import type { Dictionary } from "./language/dictionary.ts";
import { currentLanguage, dictionaries, type Language, setLanguage } from "./language/language.ts";

const languages: readonly Language[] = ["ko", "en"];

/** Draw the buttons that switch the language of the page. */
export function languageSwitch(t: Dictionary): TemplateResult {
  return html`<div class="switch" role="group" aria-label=${t.switchLanguage}>
    ${languages.map(
      (
        language,
      ) => html`<button lang=${language} aria-pressed=${currentLanguage() === language} aria-label=${language === "ko" ? nothing : "EN – English"} title=${dictionaries[language].languageName}
        @click=${() => setLanguage(language)}>${language === "ko" ? "한국어" : "EN"}</button>`,
    )}
  </div>`;
}
