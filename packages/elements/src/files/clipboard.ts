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
  /** The clipboard of the computer does not yet hold what was kept last. */
  #isWriting = false;

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
    void this.#write(text);
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

  /** Without the right to write there, nothing tells whether something else was copied meanwhile. */
  async #write(text: string): Promise<void> {
    this.#isWriting = true;
    const isWritten = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    this.#isWriting = isWritten !== true;
  }

  readonly #pasted = (event: ClipboardEvent): void => {
    const isText = event.composedPath().some((at) => at instanceof HTMLInputElement && at.type !== "checkbox");
    const data = event.clipboardData;
    if (this.#held === undefined || isText || (data?.types.includes("Files") ?? false)) return;
    const text = data?.getData("text/plain").replaceAll("\r\n", "\n") ?? "";
    if (text !== "" && text !== this.#held.text && !this.#isWriting) return;
    event.preventDefault();
    this.#onPaste();
  };
}
