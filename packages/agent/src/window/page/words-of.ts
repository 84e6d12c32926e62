/** The window's words, by language, and those it shares with the console page. */

import { agentWords, type Dictionary, dictionaries, type Language, type WithAgentWords } from "@naru/elements/design";
import type { WindowWords } from "./words.ts";
import { en } from "./words-en.ts";
import { ko } from "./words-ko.ts";

/** Every language of the window. */
export const windowWords: Readonly<Record<Language, WindowWords>> = { ko, en };

/** What the console page says in the same words. */
export type PageWords = Dictionary & WithAgentWords;

/** Those words in every language. */
export const pageWords: Readonly<Record<Language, PageWords>> = {
  ko: { ...dictionaries.ko, ...agentWords.ko },
  en: { ...dictionaries.en, ...agentWords.en },
};
