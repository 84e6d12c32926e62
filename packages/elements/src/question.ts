import {
  type CSSResult,
  css,
  html,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from "lit";

/** What is asked before something is done that cannot be undone. */
export interface Question {
  readonly title: string;
  /** What it means. */
  readonly text: string;
  /** The way back; it has the focus. */
  readonly keep: string;
  readonly go: string;
}

/** Asks in a dialog of its host; the focus is on the way back, and returns to where it was. */
export class Asking implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  #asked: { readonly question: Question; readonly go: () => void } | undefined;

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  /** Ask, and `go` if the answer is yes. */
  ask(question: Question, go: () => void): void {
    this.#asked = { question, go };
    this.#host.requestUpdate();
  }

  /** Draw the question, if there is one. */
  dialog(): TemplateResult | undefined {
    if (this.#asked === undefined) return undefined;
    const { title, text, keep, go } = this.#asked.question;
    return html`<dialog class="question" role="alertdialog" aria-labelledby="question" aria-describedby="meaning" @close=${this.#close}>
      <h2 id="question">${title}</h2>
      <p id="meaning">${text}</p>
      <div class="answers">
        <button type="button" autofocus data-action="keep" @click=${this.#close}>${keep}</button>
        <button type="button" class="danger" data-action="confirm" @click=${this.#go}>${go}</button>
      </div>
    </dialog>`;
  }

  hostUpdated(): void {
    showDialogs(this.#host.renderRoot);
  }

  readonly #go = (): void => {
    const go = this.#asked?.go;
    this.#close();
    go?.();
  };

  readonly #close = (): void => {
    // Its closing is heard once more, when another dialog may be the first one.
    if (this.#asked === undefined) return;
    closeDialog(this.#host.renderRoot);
    this.#asked = undefined;
    this.#host.requestUpdate();
  };
}

const shown = new WeakSet<HTMLDialogElement>();

/** Open the dialogs that have just been drawn; one that its user has closed may still stand there. */
export function showDialogs(root: ParentNode): void {
  for (const dialog of root.querySelectorAll("dialog")) {
    if (!shown.has(dialog)) dialog.showModal();
    shown.add(dialog);
  }
}

/** Close the dialog before it is taken away, so that it gives the focus back to where it was. */
export function closeDialog(root: ParentNode): void {
  root.querySelector("dialog")?.close();
}

/** How a dialog that asks looks. */
export const dialogStyle: CSSResult = css`
  dialog { color: var(--text); background: var(--raised); border: 1px solid var(--line); border-radius: 16px; padding: 24px; width: min(440px, calc(100vw - 32px)); box-shadow: var(--shadow); }
  dialog::backdrop { background: #0007; }
  dialog h2 { margin: 0 0 12px; font-size: 18px; font-weight: 650; white-space: normal; overflow-wrap: anywhere; }
  dialog p { margin: 0 0 14px; overflow-wrap: anywhere; }
  dialog label { display: block; font-size: 13px; font-weight: 570; margin-bottom: 10px; }
  dialog label input:not([type="file"]) { display: block; width: 100%; margin-top: 6px; min-height: 40px; font-size: 15px; font-weight: 400; }
  dialog .bad { color: var(--bad); }
  .answers { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; margin-top: 20px; }
  .answers button { min-width: 0; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
`;
