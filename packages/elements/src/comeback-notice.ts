import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import type { Localized } from "./language/language.ts";
import type { TransfersWords } from "./language/transfers-words.ts";
import type { RowTally } from "./row-tally.ts";

export interface ComebackView {
  readonly words: Localized<TransfersWords>;
  readonly tally: RowTally;
  /** Files are held over it. */
  readonly isOver: boolean;
  readonly carryOn: () => void;
  readonly chooseFolder: () => void;
  readonly discard: () => void;
}

/** Draw what an earlier visit left unfinished, and the two ways on. Their files can be dropped on it, all at once. */
export function comebackNotice({ words, tally, isOver, ...acts }: ComebackView): TemplateResult | typeof nothing {
  const { t, format } = words;
  const { unfinished, unfinishedSize, unfinishedConfirmed, asking } = tally;
  if (unfinished.size === 0) return nothing;
  // Where the browser kept no way to the files, they are chosen again, all at once.
  const chooses = asking.size === 0;
  return html`<div class="notice back ${isOver ? "over" : ""}" data-unfinished=${unfinished.size}>
    ${icon(chooses ? "folder" : "play")}
    <div class="grow"><p><strong>${t.unfinished(unfinished.size, format.bytesOf(unfinishedConfirmed, unfinishedSize))}</strong>
      ${chooses ? t.dropToGoOn : t.mayReadAgain}</p>
      <p class="ways"><button class="small primary" data-action-all="continue" @click=${acts.carryOn}>${chooses ? t.chooseFiles : t.carryOn}</button>
      ${chooses ? html`<button class="small" data-action-all="choose-folder" @click=${acts.chooseFolder}>${t.chooseFolder}</button>` : nothing}
      <button class="small" data-action-all="discard" @click=${acts.discard}>${t.discard}</button></p></div>
  </div>`;
}
