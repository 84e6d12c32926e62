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
import { askDownload } from "./files/ask-download.ts";
import { crumbs, hashOf } from "./files/crumbs.ts";
import { FileChanges } from "./files/file-changes.ts";
import { fileRow, folderRow } from "./files/file-rows.ts";
import type { Entry } from "./files/file-tasks.ts";
import { filesStyle } from "./files/files-style.ts";
import { FolderListing } from "./files/folder-listing.ts";
import { blankList, failedRest, foundLine, type ListState } from "./files/list-states.ts";
import { icon } from "./icons.ts";
import { Localized } from "./language/language.ts";
import { dialogStyle, showDialogs } from "./question.ts";
import { theme } from "./theme.ts";

const pageSize = 200;
/** Of a folder that is searched: the server gives no more at once. */
const searchPageSize = 1000;

/**
 * `<naru-files>`: what has arrived, folder by folder. Fires `naru-navigate` with the folder as its detail, and
 * `naru-signed-out` when the server no longer knows the session. What is put inside it stands between the path and the list.
 */
export class NaruFiles extends LitElement {
  static override readonly styles: CSSResultGroup = [theme, dialogStyle, filesStyle];
  static override readonly properties: PropertyDeclarations = { api: { attribute: false }, folder: {} };
  /** The server whose files are shown. */
  declare api: NaruApi | undefined;
  /** The folder shown: "" or "a/b/". */
  declare folder: string;

  readonly #words: Localized = new Localized(this);
  #listing = new FolderListing("");
  #state: "loading" | "ready" | "failed" = "loading";
  #query = "";
  /** How many files have a row: a folder of thousands must not slow the page down. */
  #shown = pageSize;
  #loading = new AbortController();
  /** What went wrong with the last download. */
  #trouble: string | undefined;
  /** What was done, said aloud. */
  #announcement = "";
  /** What has come while the list stood there, and how. */
  readonly #fresh = new Map<string, "arrived" | "changed">();
  readonly #changes: FileChanges = new FileChanges({
    host: this,
    words: this.#words,
    onMade: (folder) => {
      this.#listing.putFolder(folder);
      void this.#added(folder, this.#words.t.file.announceMade(this.#listing.nameOf(folder)), ".name");
    },
    onRenamed: (entry, as) => {
      this.#listing.drop(entry.path);
      const path = typeof as === "string" ? as : as.path;
      if (typeof as === "string") this.#listing.putFolder(as);
      else this.#listing.put(as);
      void this.#added(path, this.#words.t.file.announceRenamed(this.#listing.nameOf(path)), "[data-action=rename]");
    },
    onRemoved: (entry) => {
      this.#announcement = this.#words.t.file.announceRemoved(entry.name);
      void this.#gone(entry, "[data-action=remove]");
    },
    onFailed: (error) => this.#mindSession(error),
  });

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
    this.#loading.abort();
    this.#changes.close();
  }

  /** Ask the server for the folder again. */
  async reload(): Promise<void> {
    this.#listing = new FolderListing(this.folder);
    this.#query = "";
    this.#shown = pageSize;
    this.#trouble = undefined;
    this.#announcement = "";
    this.#fresh.clear();
    await this.#more();
  }

  /** Show files that have just arrived, without asking the server. */
  arrived(files: readonly StoredFile[]): void {
    const here = files.filter(({ path }) => path.startsWith(this.folder));
    for (const file of here) {
      if (this.#listing.putFolderOf(file.path)) continue;
      this.#listing.put({ ...file, modified: file.modified.toISOString() });
      this.#fresh.set(file.path, "arrived");
    }
    if (here.length > 0) this.requestUpdate();
  }

  override render(): TemplateResult {
    const { t } = this.#words;
    return html`<div class="top">
        <nav class="crumbs" aria-label=${t.folderPath}>${crumbs(this.folder, { t, go: this.#go })}</nav>
        <label class="find">${icon("search")}<input type="search" placeholder=${t.find} aria-label=${t.find} .value=${this.#query} @input=${this.#find} /></label>
        <button class="new" title=${t.newFolder} @click=${() => this.#changes.makeFolder()}>${icon("folderPlus")}<span>${t.newFolder}</span></button>
      </div>
      <slot></slot>
      ${this.#trouble === undefined ? nothing : html`<p class="trouble" role="alert">${icon("warning")}<span>${this.#trouble}</span></p>`}
      ${this.#list()}
      <p class="unseen" role="status" data-role="said">${this.#announcement}</p>
      ${this.#changes.dialog() ?? nothing}`;
  }

  #list(): TemplateResult {
    const { t } = this.#words;
    const { folders, files } = this.#listing.shown;
    const found = folders.length + files.length;
    const again = (): void => void this.#more();
    const state: ListState = { at: this.#state, query: this.#query, found, seen: this.#listing.size, again };
    if (found === 0) return blankList(state, this.#words);
    const hasMore = files.length > this.#shown || (this.#query === "" && this.#listing.cursor !== undefined);
    return html`${foundLine(state, this.#words)}
      <table>
        <caption class="unseen">${t.files}</caption>
        <colgroup><col /><col class="size" /><col class="time" /><col class="acts" /></colgroup>
        <thead><tr><th scope="col">${t.name}</th><th scope="col" class="n size">${t.size}</th><th scope="col" class="time">${t.time}</th><th scope="col" class="acts"><span class="unseen">${t.actions}</span></th></tr></thead>
        <tbody>
          ${repeat(
            folders,
            (path) => path,
            (path) => this.#folderRow(path),
          )}
          ${repeat(
            files.slice(0, this.#shown),
            ({ path }) => path,
            (file) => this.#fileRow(file),
          )}
        </tbody>
      </table>
      ${this.#state === "failed" ? failedRest(state, this.#words) : nothing}
      ${hasMore && this.#state !== "failed" ? html`<button class="more" @click=${this.#showMore}>${t.showMore}</button>` : nothing}`;
  }

  #folderRow(path: string): TemplateResult {
    const entry: Entry = { kind: "folder", path, name: this.#listing.nameOf(path) };
    return folderRow(entry, {
      ...this.#actsFor(path),
      href: hashOf(path),
      open: (event) => this.#go(event, path),
    });
  }

  #fileRow(file: WireFile): TemplateResult {
    const { path } = file;
    const entry: Entry = { kind: "file", path, name: this.#listing.nameOf(path) };
    return fileRow(file, entry, {
      ...this.#actsFor(path),
      href: `${this.api?.origin ?? ""}${filePath(path)}`,
      download: (event) => void this.#download(event, entry),
    });
  }

  #actsFor(path: string): Pick<Parameters<typeof folderRow>[1], "words" | "fresh" | "rename" | "remove"> {
    return {
      words: this.#words,
      fresh: this.#fresh.get(path),
      rename: (entry) => this.#changes.rename(entry),
      remove: (entry) => this.#changes.remove(entry),
    };
  }

  readonly #showMore = (): void => {
    this.#shown += pageSize;
    if (this.#listing.shown.files.length < this.#shown && this.#listing.cursor !== undefined) void this.#more();
    else this.requestUpdate();
  };

  readonly #more = async (): Promise<void> => {
    if (this.api === undefined) return;
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    const listing = this.#listing;
    this.#state = "loading";
    this.requestUpdate();
    try {
      do {
        const limit = this.#query === "" ? pageSize : searchPageSize;
        const { folder: prefix, cursor } = listing;
        listing.take(await this.api.list({ prefix, delimiter: "/", limit, cursor, signal }));
        this.requestUpdate();
        // What is looked for may stand anywhere in the folder.
      } while (this.#query !== "" && listing.cursor !== undefined && !signal.aborted);
      if (signal.aborted) return;
      this.#state = "ready";
    } catch (error) {
      if (signal.aborted) return;
      this.#state = "failed";
      this.#mindSession(error);
    }
    this.requestUpdate();
  };

  /** Show what has come to be, with the focus on it. */
  async #added(path: string, announcement: string, within: string): Promise<void> {
    this.#announcement = announcement;
    this.#fresh.set(path, "changed");
    this.requestUpdate();
    await this.#focusRow(path, within);
  }

  /** The button that had the focus goes with its row: the next one has it then. */
  async #gone({ path }: Entry, within: string): Promise<void> {
    const next = this.#listing.neighbour(path);
    this.#listing.drop(path);
    this.requestUpdate();
    await this.#focusRow(next, within);
  }

  async #focusRow(path: string | undefined, within: string): Promise<void> {
    await this.updateComplete;
    const rows = this.renderRoot.querySelectorAll<HTMLElement>("tbody tr");
    const row = [...rows].find(({ dataset }) => path !== undefined && (dataset["file"] ?? dataset["folder"]) === path);
    (row ?? this.renderRoot).querySelector<HTMLElement>(row === undefined ? ".new" : within)?.focus();
  }

  /** The browser would save the server's answer about a file that is gone, so it is asked for first. */
  async #download(event: MouseEvent, { path, name }: Entry): Promise<void> {
    const { api } = this;
    if (api === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { t } = this.#words;
    this.#trouble = undefined;
    try {
      const file = await api.stat(path);
      if (file !== undefined) askDownload(this, api, file);
      else {
        this.#trouble = t.file.gone(name);
        await this.#gone({ kind: "file", path, name }, "[data-action=download]");
      }
    } catch (error) {
      this.#trouble = `${t.file.downloadFailed} ${t.failures[isTransferError(error) ? error.code : "internal"].what}`;
      this.#mindSession(error);
    }
    this.requestUpdate();
  }

  #mindSession(error: unknown): void {
    if (!isTransferError(error) || error.code !== "unauthenticated") return;
    this.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
  }

  readonly #go = (event: Event, folder: string): void => {
    event.preventDefault();
    const navigation = { detail: folder, bubbles: true, composed: true, cancelable: true };
    if (this.dispatchEvent(new CustomEvent("naru-navigate", navigation))) this.folder = folder;
  };

  readonly #foldersMade = (event: Event): void => {
    const made: unknown = event instanceof CustomEvent ? event.detail : undefined;
    for (const path of Array.isArray(made) ? made : []) {
      if (typeof path === "string" && path.startsWith(this.folder)) this.#listing.putFolderOf(`${path}/`);
    }
    this.requestUpdate();
  };

  readonly #find = (event: InputEvent): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    this.#query = event.currentTarget.value;
    this.#listing.find(this.#query);
    const hasMore = this.#listing.cursor !== undefined;
    if (this.#query !== "" && hasMore && this.#state !== "loading") void this.#more();
    else this.requestUpdate();
  };
}

customElements.define("naru-files", NaruFiles);
