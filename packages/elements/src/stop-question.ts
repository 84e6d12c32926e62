import type { Localized } from "./language/language.ts";
import type { Question } from "./question.ts";

/** What takes a moment to send again is thrown away without a question. */
const trivialBytes = 8_000_000;

/** Give what to ask before a transfer is cancelled, if much of it was sent: cancelling throws that away. */
export function stopQuestion(
  { name, confirmed }: { readonly name: string; readonly confirmed: number },
  { t, format }: Localized,
): Question | undefined {
  if (confirmed < trivialBytes) return undefined;
  return { title: t.stopTitle(name), text: t.stopText(format.bytes(confirmed)), keep: t.stopKeep, go: t.stopDo };
}
