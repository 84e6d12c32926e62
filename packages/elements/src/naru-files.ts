import { filePath, type NaruApi } from "@naru/client";
import { isTransferError, type StoredFile, type WireFile } from "@naru/core";
import {
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type FileTask, fileDialog } from "./file-dialog.ts";
import { filesStyle } from "./files-style.ts";
import { icon } from "./icons.ts";
import { Localized } from "./language/language.ts";
import { theme } from "./theme.ts";

const pageSize = 200;

/**
 * `<naru-files>`: what has arrived, folder by folder. Fires `naru-navigate` with the folder as its detail, and
 * `naru-signed-out` when the server no longer knows the session. What is put inside it stands between the path and the list.
 */
export class NaruFiles extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, filesStyle];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false }, folder: {} };
  /** The server whose files are shown. */
  declare api: NaruApi | undefined;
  /** The folder shown: "" or "a/b/". */
  declare folder: string;

  readonly #words: Localized = new Localized(this);
  #files: readonly WireFile[] = [];
  #folders: readonly string[] = [];
  #cursor: string | undefined;
  #state: "loading" | "ready" | "failed" = "loading";
  #query = "";
  /** How many files have a row: a folder of thousands must not slow the page down. */
  #shown = pageSize;
  #task: FileTask | undefined;
  #loading = new AbortController();
  readonly #fresh = new Set<string>();

  constructor() {
    super();
    this.folder = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("folder") || changed.has("api")) void this.reload();
  }

  override updated(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog !== null && !dialog.open) dialog.showModal();
  }

  /** Ask the server for the folder again. */
  async reload(): Promise<void> {
    this.#files = [];
    this.#folders = [];
    this.#cursor = undefined;
    this.#query = "";
    this.#shown = pageSize;
    this.#fresh.clear();
    await this.#more();
  }

  /** Show files that have just arrived, without asking the server. */
  arrived(files: readonly StoredFile[]): void {
    const here = files.filter(({ path }) => path.startsWith(this.folder));
    if (here.length === 0) return;
    const folders = new Set(this.#folders);
    const come: WireFile[] = [];
    for (const file of here) {
      const slash = file.path.indexOf("/", this.folder.length);
      if (slash !== -1) folders.add(file.path.slice(0, slash + 1));
      else {
        come.push({ ...file, modified: file.modified.toISOString() });
        this.#fresh.add(file.path);
      }
    }
    this.#folders = [...folders].sort();
    this.#files = merged(this.#files, come);
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    return html`<div class="top">
        <nav class="crumbs" aria-label=${t.folderPath}>${this.#crumbs()}</nav>
        <label class="find">${icon("search")}<input type="search" placeholder=${t.find} aria-label=${t.find} .value=${this.#query} @input=${this.#find} /></label>
        <button class="new" title=${t.newFolder} @click=${() => this.#ask({ at: "folder" })}>${icon("folderPlus")}<span>${t.newFolder}</span></button>
      </div>
      <slot></slot>
      ${this.#list()}
      ${this.#task === undefined ? nothing : fileDialog(this.#task, { t, done: (name) => void this.#do(name), close: () => this.#ask(undefined) })}`;
  }

  #crumbs(): TemplateResult[] {
    const { t } = this.#words;
    const names = this.folder.split("/").slice(0, -1);
    const steps = [{ name: t.allFiles, folder: "" }];
    for (const name of names) steps.push({ name, folder: `${steps.at(-1)?.folder ?? ""}${name}/` });
    return steps.map(({ name, folder }, index) =>
      index === steps.length - 1
        ? html`<b aria-current="page">${name}</b>`
        : html`<a href=${hashOf(folder)} @click=${(event: Event) => this.#go(event, folder)}>${name}</a>${icon("chevronRight")}`,
    );
  }

  #list(): TemplateResult {
    const { t } = this.#words;
    const query = this.#query.normalize().toLowerCase();
    const matches = (path: string): boolean => query === "" || this.#nameOf(path).toLowerCase().includes(query);
    const folders = this.#folders.filter(matches);
    const files = this.#files.filter(({ path }) => matches(path));
    if (folders.length + files.length === 0) return this.#blank();
    return html`<table>
        <caption class="unseen">${t.files}</caption>
        <thead><tr><th scope="col">${t.name}</th><th scope="col" class="n size">${t.size}</th><th scope="col" class="time">${t.time}</th><th scope="col" class="acts"><span class="unseen">${t.actions}</span></th></tr></thead>
        <tbody>
          ${folders.map((folder) => this.#folderRow(folder))}
          ${repeat(
            files.slice(0, this.#shown),
            ({ path }) => path,
            (file) => this.#fileRow(file),
          )}
        </tbody>
      </table>
      ${files.length <= this.#shown && this.#cursor === undefined ? nothing : html`<button class="more" @click=${this.#showMore}>${t.showMore}</button>`}`;
  }

  #blank(): TemplateResult {
    const { t } = this.#words;
    if (this.#state === "failed") {
      return html`<div class="blank" role="alert">${icon("warning")}<p><b>${t.loadFailed}</b></p><button @click=${() => this.reload()}>${t.tryAgain}</button></div>`;
    }
    if (this.#state === "loading") return html`<div class="blank" aria-busy="true"><p>${t.loading}</p></div>`;
    if (this.#query !== "")
      return html`<div class="blank">${icon("search")}<p>${t.nothingFound(this.#query)}</p></div>`;
    return html`<div class="blank">${icon("folder")}<p><b>${t.emptyFolder}</b><br />${t.emptyFolderHint}</p></div>`;
  }

  #folderRow(folder: string): TemplateResult {
    return html`<tr>
      <td colspan="4"><a class="name" href=${hashOf(folder)} @click=${(event: Event) => this.#go(event, folder)}>${icon("folder")}<span>${this.#nameOf(folder)}</span></a></td>
    </tr>`;
  }

  #fileRow(file: WireFile): TemplateResult {
    const { t, format } = this.#words;
    const name = this.#nameOf(file.path);
    const href = `${this.api?.origin ?? ""}${filePath(file.path)}`;
    const time = format.when(new Date(file.modified), new Date());
    const fresh = this.#fresh.has(file.path);
    return html`<tr data-file=${file.path} class=${fresh ? "fresh" : ""}>
      <td><a class="name" href=${href} download>${icon("file")}<span>${name}</span></a>
        <span class="under">${format.bytes(file.size)} · ${time}</span></td>
      <td class="n size">${format.bytes(file.size)}</td>
      <td class="time">${fresh ? html`<span class="ok">${icon("check")}${t.arrived}</span>` : html`<time datetime=${file.modified}>${time}</time>`}</td>
      <td class="acts"><div>
        <a class="button bare" data-action="download" href=${href} download aria-label=${t.download(name)} title=${t.download(name)}>${icon("download")}</a>
        <button class="bare rename" data-action="rename" aria-label=${t.rename(name)} title=${t.rename(name)} @click=${() => this.#ask({ at: "rename", path: file.path, name })}>${icon("pencil")}</button>
        <button class="bare" data-action="remove" aria-label=${t.remove(name)} title=${t.remove(name)} @click=${() => this.#ask({ at: "remove", path: file.path, name })}>${icon("trash")}</button>
      </div></td>
    </tr>`;
  }

  readonly #showMore = (): void => {
    this.#shown += pageSize;
    if (this.#files.length < this.#shown && this.#cursor !== undefined) void this.#more();
    else this.requestUpdate();
  };

  readonly #more = async (): Promise<void> => {
    if (this.api === undefined) return;
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    this.#state = "loading";
    this.requestUpdate();
    try {
      const page = await this.api.list({
        prefix: this.folder,
        delimiter: "/",
        limit: pageSize,
        cursor: this.#cursor,
        signal,
      });
      this.#files = merged(
        this.#files,
        page.files.filter(({ path }) => path !== this.folder),
      );
      this.#folders = [...new Set([...this.#folders, ...page.folders])];
      this.#cursor = page.cursor;
      this.#state = "ready";
    } catch (error) {
      if (signal.aborted) return;
      this.#state = "failed";
      this.#mindSession(error);
    }
    this.requestUpdate();
  };

  async #do(name: string): Promise<void> {
    const task = this.#task;
    if (task === undefined || this.api === undefined) return;
    if (task.at === "folder") {
      this.#ask(undefined);
      return this.#open(`${this.folder}${name}/`);
    }
    try {
      if (task.at === "remove") await this.api.remove(task.path);
      else {
        const moved = await this.api.move(task.path, `${this.folder}${name}`, { conflict: "fail" });
        this.#files = merged(this.#files, [moved]);
      }
      if (task.at === "remove" || name !== task.name)
        this.#files = this.#files.filter(({ path }) => path !== task.path);
      this.#ask(undefined);
    } catch (error) {
      this.#ask({ ...task, failed: isTransferError(error) ? error.code : "internal" });
      this.#mindSession(error);
    }
  }

  #mindSession(error: unknown): void {
    if (!isTransferError(error) || error.code !== "unauthenticated") return;
    this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
  }

  #ask(task: FileTask | undefined): void {
    // Closed before it is taken away, the dialog gives the focus back to where it was.
    if (task === undefined) this.renderRoot.querySelector("dialog")?.close();
    this.#task = task;
    this.requestUpdate();
  }

  #go(event: Event, folder: string): void {
    event.preventDefault();
    this.#open(folder);
  }

  #open(folder: string): void {
    const event = new CustomEvent("naru-navigate", { detail: folder, bubbles: true, composed: true, cancelable: true });
    if (this.dispatchEvent(event)) this.folder = folder;
  }

  #nameOf(path: string): string {
    return path.slice(this.folder.length).replace(/\/$/, "");
  }

  readonly #find = (event: InputEvent): void => {
    if (event.currentTarget instanceof HTMLInputElement) this.#query = event.currentTarget.value;
    this.requestUpdate();
  };
}

/** Both lists by path, the later word about a file winning. */
function merged(before: readonly WireFile[], after: readonly WireFile[]): readonly WireFile[] {
  const byPath = new Map([...before, ...after].map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function hashOf(folder: string): string {
  return `#/${folder.split("/").map(encodeURIComponent).join("/")}`;
}

customElements.define("naru-files", NaruFiles);
