/** The window's words, by language; what it shares with the console page is in `dictionaries`. */

import type { Language } from "@naru/elements/design";
import type { WindowWords } from "./words.ts";
import { en } from "./words-en.ts";
import { ko } from "./words-ko.ts";

/** Every language of the window. */
export const windowWords: Readonly<Record<Language, WindowWords>> = { ko, en };
