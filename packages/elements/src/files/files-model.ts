import type { NaruApi } from "@naru/client";
import { isTransferError } from "@naru/core";
import type { ReactiveControllerHost } from "lit";
import type { Localized } from "../language/language.ts";
import { type Entry, fileEntry, folderEntry, type ListedEntry } from "./entry.ts";
import type { Sort } from "./entry-order.ts";
import { FolderContents } from "./folder-contents.ts";
import type { FolderListing } from "./folder-listing.ts";
import { RowKeeper } from "./row-keeper.ts";
import { RowWindow } from "./row-window.ts";
import { Selection } from "./selection.ts";

/** A search, as far as it has come. */
export interface NameSearch {
  readonly listing: FolderListing;
  readonly state: "searching" | "done" | "failed";
  /** How many files were looked at. */
  readonly looked: number;
  /** Folders whose stores do not answer. */
  readonly missing: ReadonlySet<string>;
  run(): Promise<void>;
  stop(): void;
}

/** The element that shows a folder. */
export interface FilesHost extends ReactiveControllerHost, HTMLElement {
  readonly api: NaruApi | undefined;
  /** The folder shown: "" or "a/b/". */
  folder: string;
  readonly renderRoot: HTMLElement | DocumentFragment;
}

/** How a list is ordered until somebody says otherwise. */
export const firstSort: Sort = { by: "name", descending: false };

/** What `<naru-files>` shows, and what the parts of it that are loaded later change. */
export class FilesModel {
  readonly host: FilesHost;
  readonly words: Localized;
  readonly selection: Selection = new Selection();
  readonly contents: FolderContents;
  readonly window: RowWindow;
  readonly #keeper: RowKeeper;
  /** What has come while the list stood there, and how. */
  readonly fresh: Map<string, "arrived" | "changed"> = new Map();
  /** What was cut, and goes where it is pasted. */
  cut: ReadonlySet<string> = new Set();
  /** What is looked for below the folder shown. */
  search: NameSearch | undefined;
  /** What was done, said aloud. */
  announcement = "";
  /** What went wrong last. */
  trouble: string | undefined;

  constructor(host: FilesHost, words: Localized) {
    this.host = host;
    this.words = words;
    this.#keeper = new RowKeeper(host);
    this.window = new RowWindow(host);
    const onChange = (): void => host.requestUpdate();
    const onFailed = (error: unknown): void => this.failed(error);
    this.contents = new FolderContents({ api: () => host.api, onChange, onFailed }, firstSort);
  }

  /** What is shown, in order. */
  get listing(): FolderListing {
    return this.search?.listing ?? this.contents.listing;
  }

  /** What is chosen, as it stands in the list. */
  get chosen(): readonly ListedEntry[] {
    return [...this.selection.paths].flatMap((path) => this.listing.get(path) ?? []);
  }

  /** Show what is known of the folder and has `query` in its name; what was found before is forgotten. */
  find(query: string): void {
    this.search?.stop();
    this.search = undefined;
    this.contents.listing.find(query);
    this.host.requestUpdate();
  }

  say(announcement: string): void {
    this.announcement = announcement;
    this.host.requestUpdate();
  }

  /** Forget what was done in the folder before. */
  clear(): void {
    this.search?.stop();
    this.search = undefined;
    this.selection.clear();
    this.selection.active = undefined;
    this.fresh.clear();
    this.trouble = undefined;
    this.announcement = "";
  }

  /** Show what has come, as far as it is in the folder shown. */
  put(entries: readonly ListedEntry[], how?: "arrived" | "changed"): void {
    const { folder } = this.host;
    const here: ListedEntry[] = [];
    for (const entry of entries) {
      if (!entry.path.startsWith(folder) || entry.path === folder) continue;
      const slash = entry.path.indexOf("/", folder.length);
      if (slash === -1 || slash === entry.path.length - 1) {
        // What an event tells of a folder does not say that it is a store.
        if (this.contents.listing.get(entry.path)?.mount !== undefined) continue;
        here.push(entry);
        if (how !== undefined) this.fresh.set(entry.path, how);
        continue;
      }
      // Of what is deeper the folder is shown.
      const above = entry.path.slice(0, slash + 1);
      if (this.contents.listing.get(above) === undefined) here.push(folderEntry(above));
    }
    if (here.length === 0) return;
    this.window.keep();
    this.contents.put(here);
    this.host.requestUpdate();
  }

  /** Take off what is gone. */
  drop(paths: readonly string[]): void {
    this.window.keep();
    const isKnown = this.contents.drop(paths);
    if (!(this.search?.listing.drop(paths) ?? false) && !isKnown) return;
    this.selection.drop(paths);
    this.host.requestUpdate();
  }

  /** Show what somebody has just made here, with the focus on it. */
  async added(entries: readonly ListedEntry[], { within }: { readonly within?: string } = {}): Promise<void> {
    this.put(entries, "changed");
    const [first] = entries;
    if (first !== undefined && this.listing.indexOf(first.path) !== -1) await this.focusRow(first.path, within);
  }

  /** Take off what somebody has just removed here: the row that takes its place has the focus then. */
  async gone(paths: readonly string[]): Promise<void> {
    const next = this.#neighbour(paths);
    const within = this.#focusedAction();
    this.drop(paths);
    await this.focusRow(next, within);
  }

  /** Go to a folder, unless whoever shows the list sees to it. */
  go(folder: string): void {
    const { host } = this;
    const wish = new CustomEvent("naru-navigate", { detail: folder, bubbles: true, composed: true, cancelable: true });
    if (host.dispatchEvent(wish)) host.folder = folder;
  }

  /** Scroll to a row. */
  reveal(path: string): void {
    const index = this.listing.indexOf(path);
    if (index === -1) return;
    this.selection.active = path;
    this.window.reveal(index);
    this.host.requestUpdate();
  }

  /** Put the focus on a row, or on what `within` finds in it; without a row, on what is left. */
  async focusRow(path: string | undefined, within?: string): Promise<void> {
    const index = path === undefined ? -1 : this.listing.indexOf(path);
    if (path !== undefined && index !== -1) {
      this.selection.active = path;
      this.host.requestUpdate();
      await this.host.updateComplete;
      this.window.reveal(index);
      await this.host.updateComplete;
      if (this.#keeper.focus(path, within)) return;
    }
    await this.host.updateComplete;
    this.host.renderRoot.querySelector<HTMLElement>(".new")?.focus();
  }

  /** Tell of a call that failed where that concerns the whole page. */
  failed(error: unknown): void {
    if (!isTransferError(error) || error.code !== "unauthenticated") return;
    this.host.dispatchEvent(new CustomEvent("naru-signed-out", { bubbles: true, composed: true }));
  }

  /** Put a failure into words. */
  wordsOf(error: unknown): string {
    return this.words.t.failures[isTransferError(error) ? error.code : "internal"].what;
  }

  /** The button of a row that has the focus, so that the next row's gets it. */
  #focusedAction(): string | undefined {
    const { renderRoot } = this.host;
    const focused = renderRoot instanceof ShadowRoot ? renderRoot.activeElement : null;
    const action = focused?.closest("tbody") == null ? null : focused.getAttribute("data-action");
    return action === null || action === "menu" ? undefined : `[data-action="${action}"]`;
  }

  /** The row that takes the place of those that go: the next one that stays, else the one before. */
  #neighbour(paths: readonly string[]): string | undefined {
    const going = new Set(paths);
    const { shown } = this.listing;
    const at = shown.findIndex(({ path }) => going.has(path));
    if (at === -1) return undefined;
    const stays = ({ path }: Entry): boolean => !going.has(path);
    return (shown.slice(at).find(stays) ?? shown.slice(0, at).findLast(stays))?.path;
  }
}

/** Read what has arrived as entries. */
export function arrivedEntry({
  path,
  size,
  modified,
}: {
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}): ListedEntry {
  return fileEntry({ path, size, modified: modified.toISOString() });
}
