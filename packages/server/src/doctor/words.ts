/** A text in the languages that reports are written in. */
export interface Words {
  readonly en: string;
  readonly ko: string;
}

export type ReportLanguage = keyof Words;

/** Say something in both languages. */
export function say(en: string, ko: string): Words {
  return { en, ko };
}

/** Put sentences one after the other. */
export function sentences(...all: readonly (Words | undefined)[]): Words {
  const said = all.filter((words) => words !== undefined);
  return { en: said.map(({ en }) => en).join("; "), ko: said.map(({ ko }) => ko).join("; ") };
}
