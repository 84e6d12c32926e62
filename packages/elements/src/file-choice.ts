import type { Incoming } from "@naru/client/browser";
import { html, type TemplateResult } from "lit";
import { canPickHandles, fromInput, pickFiles } from "./incoming.ts";

export interface ChoiceEvents {
  /** A file was chosen for one row. */
  readonly onChosen: (key: string, chosen: Incoming) => void;
  /** Files were chosen for all rows that need theirs. */
  readonly onManyChosen: (files: Iterable<Incoming>) => void;
}

/** Has files chosen for rows that need theirs: in the browser's picker, which gives handles, else in a plain input. */
export class FileChoice {
  readonly #root: () => ParentNode;
  readonly #events: ChoiceEvents;
  #key: string | undefined;

  constructor(root: () => ParentNode, events: ChoiceEvents) {
    this.#root = root;
    this.#events = events;
  }

  /** Ask for the file of a row; call it from a click. */
  async open(key: string): Promise<void> {
    this.#key = key;
    if (!canPickHandles()) return this.#openInput("choose");
    try {
      const [chosen] = await pickFiles({ multiple: false });
      if (chosen !== undefined) this.#events.onChosen(key, chosen);
    } catch {
      // A page inside a frame may not open the picker; the plain input still can.
      this.#openInput("choose");
    }
  }

  /** Ask for the files of all rows; call it from a click. */
  async openMany(): Promise<void> {
    if (!canPickHandles()) return this.#openInput("choose-many");
    try {
      const chosen = await pickFiles();
      if (chosen.length > 0) this.#events.onManyChosen(chosen);
    } catch {
      this.#openInput("choose-many");
    }
  }

  /** Ask for the folder in which the files of rows lie; call it from a click. */
  openFolder(): void {
    // Made when it is wanted: the page has another one, for uploads.
    const input = document.createElement("input");
    input.type = "file";
    input.webkitdirectory = true;
    input.addEventListener("change", this.#manyChanged);
    input.click();
  }

  /** Draw the plain inputs, out of sight. */
  inputs(): TemplateResult {
    return html`<input class="unseen" type="file" data-role="choose" tabindex="-1" aria-hidden="true" @change=${this.#changed} />
      <input class="unseen" type="file" multiple data-role="choose-many" tabindex="-1" aria-hidden="true" @change=${this.#manyChanged} />`;
  }

  #openInput(role: "choose" | "choose-many"): void {
    this.#root().querySelector<HTMLInputElement>(`input[data-role=${role}]`)?.click();
  }

  readonly #changed = (event: Event): void => {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) return;
    const [chosen] = fromInput(input.files ?? []);
    input.value = "";
    if (chosen !== undefined && this.#key !== undefined) this.#events.onChosen(this.#key, chosen);
  };

  readonly #manyChanged = (event: Event): void => {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) return;
    const chosen = [...fromInput(input.files ?? [])];
    input.value = "";
    if (chosen.length > 0) this.#events.onManyChosen(chosen);
  };
}
