import { filePath, type NaruApi } from "@naru/client";
import type { StoredFile } from "@naru/core";
import {
  type CSSResultGroup,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import type { Command } from "./files/commands.ts";
import { crumbs, hashOf } from "./files/crumbs.ts";
import type { ListedEntry } from "./files/entry.ts";
import { folderEntry, parentOf } from "./files/entry.ts";
import type { Sort } from "./files/entry-order.ts";
import { type FileTableView, fileTable } from "./files/file-table.ts";
import { arrivedEntry, FilesModel } from "./files/files-model.ts";
import { filesStyle } from "./files/files-style.ts";
import { sortChoice } from "./files/list-head.ts";
import { blankList, foundLine, type ListState, missingLine, restLine } from "./files/list-states.ts";
import type { LiveChanges } from "./files/live-changes.ts";
import { selectionBar } from "./files/selection-bar.ts";
import type { TableInput } from "./files/table-input.ts";
import { icon } from "./icons.ts";
import { Localized } from "./language/language.ts";
import { loadPart } from "./load-part.ts";
import { NaruUploader } from "./naru-uploader.ts";
import { dialogStyle, showDialogs } from "./question.ts";
import { theme } from "./theme.ts";

const typingMs = 250;

/**
 * `<naru-files>`: what has arrived, folder by folder. What is put inside it stands between the path and the list, and with
 * `slot="tools"` in the toolbar. Fires `naru-navigate` with the folder as its detail, `naru-download` {paths},
 * `naru-preview` {path, paths}, `naru-share` {path} and `naru-request` {folder} for whoever takes them (`preventDefault`),
 * and `naru-signed-out` when the server no longer knows the session.
 */
export class NaruFiles extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, filesStyle];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false }, folder: {}, file: {} };
  /** The server whose files are shown. */
  declare api: NaruApi | undefined;
  /** The folder shown: "" or "a/b/". */
  declare folder: string;
  /** A file that a link leads to, in the folder shown. */
  declare file: string | undefined;

  readonly #words: Localized = new Localized(this);
  readonly #model: FilesModel = new FilesModel(this, this.#words);
  #input: TableInput | undefined;
  #live: LiveChanges | undefined;
  #query = "";
  /** Looks below the folder once nothing more is typed. */
  #finding: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.folder = "";
    // The uploader that stands inside makes the empty folders of a drop.
    this.addEventListener("naru-folders-made", this.#foldersMade);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Not what shows the list, but soon wanted.
    void this.#load();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const isElsewhere = changed.has("folder") || changed.has("api");
    if (isElsewhere) void this.#enter(changed.get("folder"));
    else if (changed.has("file")) void this.#show(this.file);
  }

  override updated(): void {
    showDialogs(this.renderRoot);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#model.contents.close();
    this.#live?.close();
    this.#input?.runner.operations?.close();
  }

  /** Show a folder from its beginning, and from a folder inside of it that one. */
  async #enter(before: string | undefined): Promise<void> {
    const hadFocus = this.shadowRoot?.activeElement?.closest("table") != null;
    const { folder, file } = this;
    if (this.hasUpdated) this.#model.window.toTop();
    await this.reload();
    if (folder !== this.folder) return;
    if (file !== undefined) return this.#show(file);
    const isAbove = before !== undefined && before !== folder && before.startsWith(folder);
    const from = isAbove ? before.slice(0, before.indexOf("/", folder.length) + 1) : undefined;
    if (hadFocus) await this.#model.focusRow(from ?? this.#model.listing.shown[0]?.path);
    else if (from !== undefined) this.#model.reveal(from);
  }

  /** Show the file that a link leads to, with all that is known of it. */
  async #show(path: string | undefined): Promise<void> {
    if (path === undefined || path !== this.file) return;
    const { listing, contents } = this.#model;
    const entry = listing.get(path);
    // The address of a folder may come without its final slash.
    if (entry === undefined && contents.state === "ready" && listing.get(`${path}/`) === undefined) {
      this.#model.trouble = this.#words.t.file.gone(path.slice(this.folder.length));
      this.requestUpdate();
    }
    if (entry === undefined) return;
    this.#model.selection.only(entry.path);
    await this.#model.focusRow(entry.path);
    this.#run("details", [entry]);
  }

  /** Ask the server for the folder again. */
  async reload(): Promise<void> {
    this.#query = "";
    clearTimeout(this.#finding);
    this.#finding = undefined;
    this.#model.clear();
    await Promise.all([this.#model.contents.open(this.folder), this.#follow()]);
  }

  async #follow(): Promise<void> {
    const part = await loadPart(() => import("./files/live-changes.ts"));
    if (part === undefined) return;
    this.#live ??= new part.LiveChanges(this.#model);
    this.#live.follow();
  }

  /** Show files that have just arrived, without asking the server. */
  arrived(files: readonly StoredFile[]): void {
    this.#model.put(files.map(arrivedEntry), "arrived");
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    const { trouble, announcement } = this.#model;
    return html`<div class="frame" @contextmenu=${this.#hear}><div class="top" @dragover=${this.#hear} @dragleave=${this.#hear} @drop=${this.#hear}>
        <nav class="crumbs" aria-label=${t.folderPath}>${crumbs(this.folder, { t, go: this.#go })}</nav>
        <button class="quiet" data-action="bin" @click=${() => this.#run("bin", [])}>${icon("trash")}<span>${t.file.bin}</span></button>
      </div>
      ${this.#toolbar()}
      <slot></slot>
      ${trouble === undefined ? nothing : html`<p class="trouble" role="alert">${icon("warning")}<span>${trouble}</span></p>`}
      ${this.#list()}</div>
      <p class="unseen" role="status" data-role="said">${announcement}</p>
      ${this.#input?.runner.operations?.render() ?? nothing}`;
  }

  #toolbar(): TemplateResult {
    const { t } = this.#words;
    const { selection, chosen, listing } = this.#model;
    const bar = {
      words: this.#words,
      entries: chosen,
      run: (command: Command) => this.#run(command, chosen),
      clear: this.#clearSelection,
      more: this.#showMenu,
    };
    return html`<div class="bar">
      <div class="tools ${selection.size > 0 ? "away" : ""}"><slot name="tools"></slot>
        <button class="new" title=${t.newFolder} @click=${() => this.#run("new", [])}>${icon("folderPlus")}<span>${t.newFolder}</span></button></div>
      ${selection.size > 0 ? selectionBar(bar) : nothing}
      <div class="find"><label>${icon("search")}<input type="search" placeholder=${t.find} aria-label=${t.find} .value=${this.#query} @input=${this.#find} /></label>
        ${sortChoice({ words: this.#words, sort: listing.sort, sortBy: this.#sortBy })}</div>
    </div>`;
  }

  #list(): TemplateResult {
    const { contents, listing, selection, window } = this.#model;
    const state = this.#listState();
    if (state.found === 0) return html`${missingLine(state.missing, this.#words.t)}${blankList(state, this.#words)}`;
    const view: FileTableView = {
      words: this.#words,
      listing,
      isLoading: contents.isLoading,
      window,
      selection,
      sortBy: this.#sortBy,
      chooseAll: this.#chooseAll,
      row: this.#row,
      hear: this.#hear,
    };
    return html`${foundLine(state, this.#words)}${fileTable(view)}${restLine(state, this.#words)}`;
  }

  #listState(): ListState {
    const uploader = this.querySelector("naru-uploader");
    const { contents, listing, search } = this.#model;
    const ofFolder = contents.state === "rest" ? "loading" : contents.state;
    const ofSearch =
      search === undefined
        ? ofFolder
        : ({ searching: "loading", done: ofFolder, failed: "failed" } as const)[search.state];
    return {
      at:
        this.#query.trim() === ""
          ? ofFolder
          : this.#finding !== undefined && search === undefined
            ? "loading"
            : ofSearch,
      query: this.#query.trim(),
      name: this.folder.split("/").at(-2) ?? "",
      found: listing.shown.length,
      seen: Math.max(contents.listing.size, search?.looked ?? 0),
      missing: [...(search?.missing ?? [])],
      upload: uploader instanceof NaruUploader ? () => uploader.pick() : undefined,
      again: () => void (search?.state === "failed" ? search.run() : contents.more()),
      up: () => this.#model.go(parentOf(this.folder)),
    };
  }

  readonly #row = (entry: ListedEntry): ReturnType<FileTableView["row"]> => ({
    href: entry.kind === "folder" ? hashOf(entry.path) : `${this.api?.origin ?? ""}${filePath(entry.path)}`,
    isCut: this.#model.cut.has(entry.path),
    fresh: this.#model.fresh.get(entry.path),
    where: this.#model.search === undefined ? undefined : parentOf(entry.path).slice(this.folder.length) || undefined,
  });

  readonly #go = (event: Event, folder: string): void => {
    event.preventDefault();
    this.#model.go(folder);
  };

  #run(command: Command, entries: readonly ListedEntry[]): void {
    void this.#load().then((input) => input?.runner.run(command, entries));
  }

  async #load(): Promise<TableInput | undefined> {
    if (this.#input !== undefined) return this.#input;
    const part = await loadPart(() => import("./files/table-input.ts"));
    if (part !== undefined) this.#input ??= new part.TableInput(this.#model);
    return this.#input;
  }

  readonly #hear = (event: Event): void => this.#input?.hear(event);

  readonly #showMenu = (event: Event): void => {
    if (event.currentTarget instanceof Element) void this.#input?.menuBelow(event.currentTarget);
  };

  readonly #sortBy = async (sort: Sort): Promise<void> => {
    const { t } = this.#words;
    await this.#model.listing.sortBy(sort);
    this.#model.say(t.file.sorted({ name: t.name, size: t.size, time: t.time }[sort.by], sort.descending));
  };

  readonly #chooseAll = (all: boolean): void => {
    const { selection, listing } = this.#model;
    if (all) selection.all(listing.shown);
    else selection.clear();
    this.requestUpdate();
  };

  readonly #clearSelection = (): void => {
    const { selection } = this.#model;
    const { active } = selection;
    selection.clear();
    this.requestUpdate();
    void this.#model.focusRow(active);
  };

  readonly #foldersMade = (event: Event): void => {
    const made: unknown = event instanceof CustomEvent ? event.detail : undefined;
    const paths = (Array.isArray(made) ? made : []).filter((path) => typeof path === "string");
    this.#model.put(paths.map((path) => folderEntry(`${path}/`)));
  };

  readonly #find = (event: InputEvent): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    const before = this.#query.trim();
    this.#query = event.currentTarget.value;
    const query = this.#query.trim();
    if (query === before) return;
    this.#model.find(query);
    clearTimeout(this.#finding);
    this.#finding = query === "" ? undefined : setTimeout(() => void this.#search(query), typingMs);
  };

  /** What is known of the folder is found at once; what lies below it is asked for when nothing more is typed. */
  async #search(query: string): Promise<void> {
    const part = await loadPart(() => import("./files/name-search.ts"));
    if (part === undefined || query !== this.#query.trim()) return;
    this.#finding = undefined;
    this.#model.search = new part.NameSearch(this.#model, query);
    this.requestUpdate();
    await this.#model.search.run();
  }
}

customElements.define("naru-files", NaruFiles);
