import type { Localized } from "./language/language.ts";
import type { Question } from "./question.ts";

/** What takes a moment to send again is thrown away without a question. */
const trivialBytes = 8_000_000;

/** Give what to ask before a transfer is cancelled, if much of it was sent: cancelling throws that away. */
export function stopQuestion(
  { name, confirmed, state }: { readonly name: string; readonly confirmed: number; readonly state: string },
  { t, format }: Localized,
  { always = false }: { readonly always?: boolean } = {},
): Question | undefined {
  if (confirmed < trivialBytes && !always) return undefined;
  const mayPause =
    state === "uploading" ||
    state === "downloading" ||
    state === "offline" ||
    state === "waiting" ||
    state === "checking";
  const text = `${t.stopText(format.bytes(confirmed))}${mayPause ? ` ${t.stopHint}` : ""}`;
  return { title: t.stopTitle(name), text, keep: t.stopKeep, go: t.stopDo };
}
