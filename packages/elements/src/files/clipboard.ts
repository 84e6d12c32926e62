import type { Entry } from "./entry.ts";
import type { How } from "./entry-transfers.ts";
import type { FilesModel } from "./files-model.ts";

interface Held {
  readonly how: How;
  readonly entries: readonly Entry[];
  /** What the clipboard of the computer holds meanwhile: something else there means that this is out of date. */
  readonly text: string;
}

/** Files and folders that were cut or copied in the list, by menu or by keys. */
export class Clipboard {
  readonly #model: FilesModel;
  readonly #onPaste: () => void;
  #held: Held | undefined;

  constructor(model: FilesModel, { onPaste }: { readonly onPaste: () => void }) {
    this.#model = model;
    this.#onPaste = onPaste;
    window.addEventListener("paste", this.#pasted);
  }

  get holds(): boolean {
    return this.#held !== undefined;
  }

  keep(how: How, entries: readonly Entry[]): void {
    const text = entries.map(({ name }) => name).join("\n");
    this.#held = { how, entries, text };
    this.#model.cut = new Set(how === "move" ? entries.map(({ path }) => path) : []);
    // Without the right to write there, what is held is known by nothing else having been copied.
    void navigator.clipboard?.writeText(text).catch(() => undefined);
    this.#model.host.requestUpdate();
  }

  /** Give what is held; what was cut is pasted once. */
  take(): Held | undefined {
    const held = this.#held;
    if (held?.how === "move") this.#held = undefined;
    this.#model.cut = new Set();
    this.#model.host.requestUpdate();
    return held;
  }

  close(): void {
    window.removeEventListener("paste", this.#pasted);
  }

  readonly #pasted = (event: ClipboardEvent): void => {
    const isText = event.composedPath().some((at) => at instanceof HTMLInputElement && at.type !== "checkbox");
    const data = event.clipboardData;
    if (this.#held === undefined || isText || (data?.types.includes("Files") ?? false)) return;
    const text = data?.getData("text/plain").replaceAll("\r\n", "\n") ?? "";
    if (text !== "" && text !== this.#held.text) return;
    event.preventDefault();
    this.#onPaste();
  };
}
