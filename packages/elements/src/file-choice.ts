import type { Incoming } from "@naru/client/browser";
import { html, type TemplateResult } from "lit";
import { canPickHandles, fromInput, pickFiles } from "./incoming.ts";

/** Has a file chosen for a row that needs one: in the browser's picker, which gives a handle, else in a plain input. */
export class FileChoice {
  readonly #root: () => ParentNode;
  readonly #onChosen: (key: string, chosen: Incoming) => void;
  #key: string | undefined;

  constructor(root: () => ParentNode, onChosen: (key: string, chosen: Incoming) => void) {
    this.#root = root;
    this.#onChosen = onChosen;
  }

  /** Ask for the file of a row; call it from a click. */
  async open(key: string): Promise<void> {
    this.#key = key;
    if (!canPickHandles()) return this.#openInput();
    try {
      const [chosen] = await pickFiles({ multiple: false });
      if (chosen !== undefined) this.#onChosen(key, chosen);
    } catch {
      // A page inside a frame may not open the picker; the plain input still can.
      this.#openInput();
    }
  }

  /** Draw the plain input, out of sight. */
  input(): TemplateResult {
    return html`<input class="unseen" type="file" data-role="choose" tabindex="-1" aria-hidden="true" @change=${this.#changed} />`;
  }

  #openInput(): void {
    this.#root().querySelector<HTMLInputElement>("input[data-role=choose]")?.click();
  }

  readonly #changed = (event: Event): void => {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) return;
    const [chosen] = fromInput(input.files ?? []);
    input.value = "";
    if (chosen !== undefined && this.#key !== undefined) this.#onChosen(this.#key, chosen);
  };
}
