import { html, nothing, type TemplateResult } from "lit";
import type { Localized } from "./language/language.ts";
import type { PreFlightWords, TakenAnswer } from "./language/pre-flight-words.ts";
import type { RefusedFile, TakenFile } from "./pre-flight.ts";

/** So many are drawn; the answer for all is that of the others too. */
const mostShown = 200;
const answers: readonly TakenAnswer[] = ["same", "rename", "overwrite", "skip"];

/** What it takes to draw the files whose names are taken. */
export interface TakenFilesView {
  readonly taken: readonly TakenFile[];
  readonly own: ReadonlyMap<string, TakenAnswer>;
  readonly words: PreFlightWords;
  readonly localized: Localized;
  readonly choose: (path: string, answer: TakenAnswer | undefined) => void;
}

/** Draw the files whose names are taken, each with an answer of its own where there are several. */
export function takenFiles(view: TakenFilesView): TemplateResult | typeof nothing {
  const { taken, words, localized } = view;
  if (taken.length === 0) return nothing;
  return html`<ul class="taken">${taken.slice(0, mostShown).map((one) => takenFile(one, view))}</ul>${rest(taken.length, words, localized)}`;
}

/** Draw the files that cannot be sent, with the reason. */
export function refusedFiles(
  refused: readonly RefusedFile[],
  words: PreFlightWords,
  localized: Localized,
): TemplateResult | typeof nothing {
  if (refused.length === 0) return nothing;
  const { format } = localized;
  return html`<h3>${words.refused(refused.length, format.count(refused.length))}</h3>
    <ul class="refused">${refused
      .slice(0, mostShown)
      .map(
        ({ path, size, why }) =>
          html`<li data-refused=${path}><span class="name" title=${path}>${path}</span><small>${format.bytes(size)} · ${words.refusedWhy[why] ?? words.refusedElse}</small></li>`,
      )}</ul>${rest(refused.length, words, localized)}`;
}

function takenFile({ incoming, checked }: TakenFile, view: TakenFilesView): TemplateResult {
  const { words, localized, taken, own, choose } = view;
  const { path } = incoming;
  const changed = ({ currentTarget }: Event): void => {
    if (!(currentTarget instanceof HTMLSelectElement)) return;
    choose(
      path,
      answers.find((answer) => answer === currentTarget.value),
    );
  };
  const select = html`<select aria-label=${words.forThis(path)} @change=${changed}>
    <option value="" ?selected=${!own.has(path)}>${words.asAbove}</option>
    ${answers.map((answer) => html`<option value=${answer} ?selected=${own.get(path) === answer}>${words.answers[answer].name}</option>`)}
  </select>`;
  return html`<li data-taken=${path}><span class="grow"><span class="name" title=${path}>${path}</span><small>${facts({ incoming, checked }, words, localized)}</small></span>${taken.length === 1 ? nothing : select}</li>`;
}

function facts({ incoming, checked }: TakenFile, words: PreFlightWords, { format }: Localized): string {
  const { file } = checked;
  if (checked.taken === "folder") return words.thereIsFolder;
  if (checked.taken === "upload") return words.thereIsUpload;
  const now = new Date();
  const of = (size: number, modified: Date): string => `${format.bytes(size)}, ${format.when(modified, now)}`;
  const coming = of(incoming.file.size, new Date(incoming.file.lastModified));
  return file === undefined ? coming : words.compared(coming, of(file.size, new Date(file.modified)));
}

function rest(count: number, words: PreFlightWords, { format }: Localized): TemplateResult | typeof nothing {
  return count > mostShown ? html`<p class="muted">${words.more(format.count(count - mostShown))}</p>` : nothing;
}
