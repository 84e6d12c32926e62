import type { NaruApi } from "@naru/client";
import { type Incoming, type Transfers, Turns } from "@naru/client/browser";
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { icon } from "./icons.ts";
import { canPickHandles, fromDataTransfer, fromInput, pickFiles } from "./incoming.ts";
import { Localized } from "./language/language.ts";
import { loadPart } from "./load-part.ts";
import type { NaruPreFlight } from "./naru-pre-flight.ts";
import { theme } from "./theme.ts";

/**
 * `<naru-uploader>`: takes files and folders by button, drop and paste, and queues them. Drops and pastes are taken
 * anywhere on the page, since a drop beside the mark would make the browser leave it. Fires `naru-folders-made` once the
 * empty folders of a drop are there.
 */
export class NaruUploader extends LitElement {
  static override readonly styles: CSSResultGroup = [
    theme,
    css`
      :host { display: block; }
      .tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 16px; }
      :host([compact]), :host([compact]) .tools, :host([compact]) naru-pre-flight { display: contents; }
      :host(:not([compact])) naru-pre-flight { margin-top: 8px; }
      :host([compact]) .tools button { display: var(--tools, inline-flex); }
      .veil { position: fixed; inset: 0; width: 100vw; height: 100dvh; max-width: none; max-height: none; margin: 0; padding: 24px; border: 0; background: color-mix(in srgb, var(--accent) 12%, transparent); color: var(--text); pointer-events: none; place-items: end center; }
      .veil:popover-open { display: grid; }
      .veil::before { content: ""; position: absolute; inset: 10px; border: 2px dashed var(--accent); border-radius: 18px; }
      .veil p { display: flex; gap: 12px; align-items: center; margin: 0 0 6vh; padding: 14px 22px; border-radius: 999px; background: var(--accent); color: var(--on-accent); font-size: 16px; font-weight: 620; box-shadow: var(--shadow); }
      .note { flex: 1 1 100%; order: 9; margin: 0; color: var(--muted); font-size: 14px; }
      .drop { display: flex; gap: 14px; align-items: center; padding: 14px 20px; border: 1.5px dashed var(--line-strong); border-radius: 12px; color: var(--muted); background: var(--surface); transition: background-color var(--fast), border-color var(--fast); }
      .drop p { margin: 0; }
      .drop strong { color: var(--text); font-weight: 620; }
      .drop .icon { width: 26px; height: 26px; color: var(--accent); stroke-width: 1.4; }
      .over { border-color: var(--accent); border-style: solid; background: var(--accent-soft); }
      .bad { flex: 1 1 100%; order: 9; margin: 8px 0 0; color: var(--bad); }
      @media (hover: none) and (pointer: coarse) { .drop:not(.over, .reading) { display: none; } .tools { margin-bottom: 0; } }
      @media (max-width: 640px) { .tools button { flex: 1; } .drop { padding: 12px 14px; } }
    `,
  ];
  static override readonly properties: PropertyDeclarations = {
    api: { attribute: false },
    transfers: { attribute: false },
    to: {},
    compact: { type: Boolean, reflect: true },
  };
  /** The server where empty folders are made; without it they are left out. */
  declare api: NaruApi | undefined;
  /** Where files are queued. */
  declare transfers: Transfers | undefined;
  /** The folder they go to: "" or "a/b/". */
  declare to: string;
  /** Show only the buttons, as part of a toolbar. */
  declare compact: boolean;

  readonly #words: Localized = new Localized(this);
  #over = false;
  #reading: number | undefined;
  #failed: "files" | "folders" | undefined;
  readonly #waiting: ((transfers: Transfers) => void)[] = [];
  #leave: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.to = "";
    this.compact = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("dragover", this.#dragOver);
    window.addEventListener("drop", this.#drop);
    window.addEventListener("paste", this.#paste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("dragover", this.#dragOver);
    window.removeEventListener("drop", this.#drop);
    window.removeEventListener("paste", this.#paste);
  }

  override updated(): void {
    const { transfers } = this;
    if (transfers !== undefined) for (const go of this.#waiting.splice(0)) go(transfers);
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    const folder = this.to.split("/").at(-2) ?? t.allFiles;
    return html`<div class="tools">
        <button class="primary" @click=${this.#pick}>${icon("upload")}${t.uploadFiles}</button>
        <button @click=${this.#pickFolder}>${icon("folderUp")}${t.uploadFolder}</button>
        <slot></slot>
      </div>
      <input class="unseen" type="file" multiple data-role="files" tabindex="-1" aria-label=${t.uploadFiles} @change=${this.#inputChanged} />
      <input class="unseen" type="file" webkitdirectory data-role="folder" tabindex="-1" aria-label=${t.uploadFolder} @change=${this.#inputChanged} />
      ${this.compact ? this.#veiled(folder) : this.#mark(folder)}
      <naru-pre-flight></naru-pre-flight>
      ${this.#failed === undefined ? nothing : html`<p class="bad" role="alert">${this.#failed === "files" ? t.addFailed : t.file.foldersFailed}</p>`}`;
  }

  /** The place to drop at, beside the buttons of an element that stands alone. */
  #mark(folder: string): TemplateResult {
    return html`<div class="drop ${this.#over ? "over" : ""} ${this.#reading === undefined ? "" : "reading"}">
      ${icon("upload")}
      <p role="status">${this.#dropWords(folder)}</p>
    </div>`;
  }

  /** Over the whole page while files are dragged. */
  #veiled(folder: string): TemplateResult {
    const { t } = this.#words;
    const reading =
      this.#reading === undefined ? nothing : html`<p class="note" role="status">${t.reading(this.#reading)}</p>`;
    return html`<div class="veil" popover="manual"><p>${icon("upload")}${t.dropNow(folder)}</p></div>${reading}`;
  }

  #dropWords(folder: string): TemplateResult {
    const { t } = this.#words;
    if (this.#over) return html`<strong>${t.dropNow(folder)}</strong>`;
    if (this.#reading !== undefined) return html`<strong>${t.reading(this.#reading)}</strong>`;
    // Where sizes are limited, its page says how.
    return html`<strong>${t.dropHere}</strong> ${this.hasAttribute("limited") ? nothing : t.dropHint}`;
  }

  /** Have files chosen; call it from a click. */
  pick(): void {
    void this.#pick();
  }

  readonly #pick = async (): Promise<void> => {
    this.#expect();
    if (!canPickHandles()) return this.#input("files")?.click();
    try {
      const picked = await pickFiles();
      if (picked.length > 0) await this.#add(picked);
    } catch {
      // A page inside a frame may not open the picker; the plain input still can.
      this.#input("files")?.click();
    }
  };

  readonly #pickFolder = (): void => {
    this.#expect();
    this.#input("folder")?.click();
  };

  /** What asks about files is loaded while they are still being chosen or dragged. */
  #expect(): void {
    if (this.api !== undefined) void loadPreFlight();
  }

  readonly #inputChanged = async (event: Event): Promise<void> => {
    const input = event.currentTarget;
    if (!(input instanceof HTMLInputElement)) return;
    const { files } = input;
    if (files === null || files.length === 0) return;
    await this.#add(fromInput(files));
    // So that choosing the same file again is a change. Others may have been chosen meanwhile.
    if (input.files === files) input.value = "";
  };

  readonly #dragOver = (event: DragEvent): void => {
    if (!bringsFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.#setOver(true);
    // "dragleave" fires for every element on the way; "dragover" simply stops coming.
    clearTimeout(this.#leave);
    this.#leave = setTimeout(() => this.#setOver(false), 300);
  };

  readonly #drop = (event: DragEvent): void => {
    if (!bringsFiles(event.dataTransfer)) return;
    event.preventDefault();
    clearTimeout(this.#leave);
    this.#setOver(false);
    void this.#addFrom(event.dataTransfer);
  };

  readonly #paste = (event: ClipboardEvent): void => {
    if (!bringsFiles(event.clipboardData)) return;
    event.preventDefault();
    void this.#addFrom(event.clipboardData);
  };

  async #add(files: Iterable<Incoming> | AsyncIterable<Incoming>): Promise<void> {
    this.#failed = undefined;
    try {
      const transfers = this.transfers ?? (await this.#opened());
      const { to } = this;
      await transfers.add(await this.#checked(this.#counted(files), transfers), { to });
    } catch {
      this.#failed = "files";
    }
    this.#reading = undefined;
    this.requestUpdate();
  }

  /** Without a server to ask, files are queued as they come. */
  async #checked(files: AsyncIterable<Incoming>, transfers: Transfers): Promise<AsyncIterable<Incoming>> {
    const { api, to } = this;
    if (api === undefined) return files;
    await loadPreFlight();
    const asking = this.renderRoot.querySelector<NaruPreFlight>("naru-pre-flight");
    // A page whose parts are gone sends all the same.
    return asking?.check?.(files, { api, transfers, to }) ?? files;
  }

  /** Call it inside the event. */
  async #addFrom(data: DataTransfer): Promise<void> {
    const { api, to } = this;
    const empty: string[] = [];
    await this.#add(fromDataTransfer(data, { onEmptyFolder: (path) => empty.push(`${to}${path}`.normalize("NFC")) }));
    if (api === undefined || empty.length === 0 || this.#failed !== undefined) return;
    try {
      for (const path of empty) await api.makeFolder(path);
    } catch {
      this.#failed = "folders";
      this.requestUpdate();
    }
    this.dispatchEvent(new CustomEvent("naru-folders-made", { detail: empty, bubbles: true, composed: true }));
  }

  /** Files may be chosen before the transfers have opened; they wait. */
  #opened(): Promise<Transfers> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async *#counted(files: Iterable<Incoming> | AsyncIterable<Incoming>): AsyncGenerator<Incoming> {
    const turns = new Turns();
    let count = 0;
    for await (const file of files) {
      count += 1;
      await turns.next();
      if (count % 100 === 0) {
        this.#reading = count;
        this.requestUpdate();
      }
      yield file;
    }
    this.#reading = undefined;
    this.requestUpdate();
  }

  #setOver(over: boolean): void {
    if (this.#over === over) return;
    this.#over = over;
    if (over) this.#expect();
    // Above all that the page has, dialogs too.
    this.renderRoot.querySelector<HTMLElement>(".veil")?.togglePopover(over);
    this.requestUpdate();
  }

  #input(role: "files" | "folder"): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(`input[data-role=${role}]`);
  }
}

function loadPreFlight(): Promise<unknown> {
  return loadPart(() => import("./naru-pre-flight.ts"));
}

function bringsFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes("Files") ?? false;
}

customElements.define("naru-uploader", NaruUploader);
