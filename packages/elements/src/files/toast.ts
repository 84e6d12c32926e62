import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";
import type { WithOperationWords } from "./operation-words.ts";

/** What was done, and how it is undone. */
export interface Done {
  readonly words: string;
  /** Undo it; false where some of it could not be. */
  readonly undo?: (() => Promise<boolean>) | undefined;
  readonly isFailure?: boolean;
  /** It is still being done. */
  readonly isBusy?: boolean;
}

const shownMs = 10_000;

/** Says what was done, and offers to undo it as long as it stands there; Ctrl+Z undoes it later, too. */
export class Toast {
  readonly #words: Localized<WithOperationWords>;
  readonly #onChange: () => void;
  #done: Done | undefined;
  /** What Ctrl+Z undoes. */
  #last: Done | undefined;
  #isHeld = false;
  #isBusy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(words: Localized<WithOperationWords>, onChange: () => void) {
    this.#words = words;
    this.#onChange = onChange;
  }

  show(done: Done): void {
    this.#done = done;
    if (done.undo !== undefined) this.#last = done;
    this.#wait();
    this.#onChange();
  }

  /** Undo what was done last; gives what to say of it. */
  async undo(): Promise<string | undefined> {
    const last = this.#last;
    if (last?.undo === undefined || this.#isBusy) return undefined;
    this.#last = undefined;
    this.#isBusy = true;
    this.#onChange();
    const { t } = this.#words;
    const isWhole = await last.undo();
    this.#isBusy = false;
    const words = isWhole ? t.does.undone : t.does.undoFailed;
    this.show({ words, isFailure: !isWhole });
    return words;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#done = undefined;
    this.#onChange();
  }

  /** Offer to undo nothing any more. */
  forget(): void {
    this.#last = undefined;
    this.close();
  }

  /** Draw it. A hand or the focus on it keeps it there. */
  render(undo: () => void): TemplateResult | typeof nothing {
    if (this.#done === undefined) return nothing;
    const { t } = this.#words;
    const { words, undo: canUndo, isFailure = false, isBusy = false } = this.#done;
    const hold = (held: boolean) => (): void => {
      this.#isHeld = held;
      this.#wait();
    };
    return html`<div class="toast ${isFailure ? "failure" : ""}" role="group" aria-label=${words} data-role="toast" @pointerenter=${hold(true)} @pointerleave=${hold(false)} @focusin=${hold(true)} @focusout=${hold(false)}>
      ${isBusy ? nothing : icon(isFailure ? "warning" : "check")}<span>${this.#isBusy ? t.does.working : words}</span>
      ${canUndo === undefined ? nothing : html`<button data-action="undo" ?disabled=${this.#isBusy} @click=${undo}>${t.does.undo}</button>`}
      <button class="bare" data-action="dismiss" aria-label=${t.does.dismiss} title=${t.does.dismiss} @click=${() => this.close()}>${icon("close")}</button>
    </div>`;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#isHeld || this.#done === undefined || this.#done.isBusy === true) return;
    this.#timer = setTimeout(() => this.close(), shownMs);
  }
}
