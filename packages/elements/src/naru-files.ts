import type { NaruApi } from "@naru/client";
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
import { addressOf, CommandRunner } from "./files/command-runner.ts";
import type { Command } from "./files/commands.ts";
import { crumbs, hashOf } from "./files/crumbs.ts";
import type { ListedEntry } from "./files/entry.ts";
import { folderEntry } from "./files/entry.ts";
import type { Sort } from "./files/entry-order.ts";
import { type FileTableView, fileTable } from "./files/file-table.ts";
import { arrivedEntry, FilesModel } from "./files/files-model.ts";
import { filesStyle } from "./files/files-style.ts";
import { sortChoice } from "./files/list-head.ts";
import { blankList, foundLine, type ListState, restLine } from "./files/list-states.ts";
import { selectionBar } from "./files/selection-bar.ts";
import { TableInput } from "./files/table-input.ts";
import { icon } from "./icons.ts";
import { Localized } from "./language/language.ts";
import { dialogStyle, showDialogs } from "./question.ts";
import { theme } from "./theme.ts";

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
  readonly #runner: CommandRunner = new CommandRunner(this.#model);
  readonly #input: TableInput = new TableInput(this.#model, this.#runner);
  #query = "";

  constructor() {
    super();
    this.folder = "";
    // The uploader that stands inside makes the empty folders of a drop.
    this.addEventListener("naru-folders-made", this.#foldersMade);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("folder") || changed.has("api")) void this.reload();
  }

  override updated(): void {
    showDialogs(this.renderRoot);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#model.contents.close();
    this.#runner.operations?.close();
  }

  /** Ask the server for the folder again. */
  async reload(): Promise<void> {
    this.#query = "";
    this.#model.clear();
    await this.#model.contents.open(this.folder);
  }

  /** Show files that have just arrived, without asking the server. */
  arrived(files: readonly StoredFile[]): void {
    for (const file of files) this.#model.put(arrivedEntry(file), "arrived");
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    const { trouble, announcement } = this.#model;
    return html`<div class="frame"><div class="top" @dragover=${this.#input.on.drag} @dragleave=${this.#input.on.drag} @drop=${this.#input.on.drag}>
        <nav class="crumbs" aria-label=${t.folderPath}>${crumbs(this.folder, { t, go: this.#go })}</nav>
      </div>
      ${this.#toolbar()}
      <slot></slot>
      ${trouble === undefined ? nothing : html`<p class="trouble" role="alert">${icon("warning")}<span>${trouble}</span></p>`}
      ${this.#list()}</div>
      <p class="unseen" role="status" data-role="said">${announcement}</p>
      ${this.#runner.operations?.render() ?? nothing}`;
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
    if (state.found === 0) return blankList(state, this.#words);
    const view: FileTableView = {
      words: this.#words,
      shown: listing.shown,
      isLoading: contents.isLoading,
      window,
      selection,
      sort: listing.sort,
      sortBy: this.#sortBy,
      chooseAll: this.#chooseAll,
      row: this.#row,
      on: this.#input.on,
    };
    return html`${foundLine(state, this.#words)}${fileTable(view)}${restLine(state, this.#words)}`;
  }

  #listState(): ListState {
    const { contents, listing } = this.#model;
    return {
      at: contents.state === "rest" ? "loading" : contents.state,
      query: this.#query.trim(),
      name: this.folder.split("/").at(-2) ?? "",
      found: listing.shown.length,
      seen: contents.listing.size,
      again: () => void contents.more(),
      up: () => this.#input.up(),
    };
  }

  readonly #row = (entry: ListedEntry): ReturnType<FileTableView["row"]> => ({
    href: entry.kind === "folder" ? hashOf(entry.path) : addressOf(this.api?.origin ?? "", entry.path),
    isCut: this.#model.cut.has(entry.path),
    fresh: this.#model.fresh.get(entry.path),
    where: undefined,
  });

  readonly #go = (event: Event, folder: string): void => {
    event.preventDefault();
    this.#runner.go(folder);
  };

  #run(command: Command, entries: readonly ListedEntry[]): void {
    void this.#runner.run(command, entries);
  }

  readonly #showMenu = (event: Event): void => {
    if (event.currentTarget instanceof Element) void this.#input.menuBelow(event.currentTarget);
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
    for (const path of Array.isArray(made) ? made : []) {
      if (typeof path === "string") this.#model.put(folderEntry(`${path}/`));
    }
  };

  readonly #find = (event: InputEvent): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    this.#query = event.currentTarget.value;
    this.#model.listing.find(this.#query);
    this.requestUpdate();
  };
}

customElements.define("naru-files", NaruFiles);
