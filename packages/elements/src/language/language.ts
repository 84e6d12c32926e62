import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Dictionary } from "./dictionary.ts";
import { en } from "./en.ts";
import { Format } from "./format.ts";
import { ko } from "./ko.ts";

/** The languages the page speaks. */
export type Language = "ko" | "en";

/** Words in every language. */
export type Words<Own> = Readonly<Record<Language, Own>>;

/** The words that the first page needs. What is loaded later brings its own. */
export const dictionaries: Words<Dictionary> = { ko, en };

const storageKey = "naru-language";
const changes = new EventTarget();
const formats = new Map<Language, Format>();
let current: Language | undefined;

/** Tell the language in use: the one chosen earlier, else the browser's. */
export function currentLanguage(): Language {
  current ??= chosenBefore() ?? (navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");
  return current;
}

/** Switch every element on the page to `language` and remember it. */
export function setLanguage(language: Language): void {
  current = language;
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // A page without storage still switches; it only forgets.
  }
  changes.dispatchEvent(new Event("change"));
}

/**
 * Gives its host the words and formats of the language in use, and renders it again when that changes. An element that
 * the page loads when it is used has words of its `own` beside those of the first page, under keys of their own.
 */
export class Localized<Own extends object = object> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #own: Words<Own> | undefined;
  readonly #merged = new Map<Language, Dictionary & Own>();

  constructor(host: ReactiveControllerHost, ...own: object extends Own ? [] : [Words<Own>]) {
    this.#host = host;
    [this.#own] = own;
    host.addController(this);
  }

  /** The words. */
  get t(): Dictionary & Own {
    const language = currentLanguage();
    const merged = this.#merged.get(language) ?? Object.assign({}, dictionaries[language], this.#own?.[language]);
    this.#merged.set(language, merged);
    return merged;
  }

  /** Numbers, sizes and times in words. */
  get format(): Format {
    return formatOf(currentLanguage());
  }

  hostConnected(): void {
    changes.addEventListener("change", this.#changed);
    // While the page is idle, rather than when the first file moves.
    if (formats.size === 0) setTimeout(() => void this.format);
  }

  hostDisconnected(): void {
    changes.removeEventListener("change", this.#changed);
  }

  readonly #changed = (): void => this.#host.requestUpdate();
}

/** Making one takes a tenth of a second on a busy computer: all elements share it. */
function formatOf(language: Language): Format {
  const format = formats.get(language) ?? new Format(language, dictionaries[language]);
  formats.set(language, format);
  return format;
}

function chosenBefore(): Language | undefined {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === "ko" || stored === "en" ? stored : undefined;
  } catch {
    return undefined;
  }
}
