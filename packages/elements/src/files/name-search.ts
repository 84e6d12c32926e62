import { FilesApi } from "@naru/client";
import { fileEntry, folderEntry, type ListedEntry } from "./entry.ts";
import type { FilesModel } from "./files-model.ts";
import { FolderListing } from "./folder-listing.ts";

/** Looks for names below the folder shown: at the server, a page at a time, as long as there is more to look at. */
export class NameSearch {
  readonly #model: FilesModel;
  readonly #query: string;
  #running = new AbortController();
  #cursor: string | undefined;
  readonly listing: FolderListing;
  state: "searching" | "done" | "failed" = "searching";
  /** How many files were looked at. */
  looked = 0;
  /** Folders whose stores do not answer. */
  readonly missing: Set<string> = new Set();

  /** Begin with what is known of the folder itself. */
  constructor(model: FilesModel, query: string) {
    this.#model = model;
    this.#query = query;
    this.listing = FolderListing.ofSorted(model.contents.listing.shown, model.contents.listing.sort);
  }

  /** Look on, from where it failed or was stopped. */
  async run(): Promise<void> {
    const { api, folder } = this.#model.host;
    if (api === undefined) return;
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const files = new FilesApi({ origin: api.origin, auth: api.auth });
    this.state = "searching";
    this.missing.clear();
    try {
      do {
        const page = await files.search({ folder, name: this.#query, cursor: this.#cursor, signal });
        if (signal.aborted) return;
        this.looked += page.looked;
        this.#cursor = page.cursor;
        for (const away of page.missing ?? []) this.missing.add(away);
        const folders = page.folders.map((path) =>
          folderEntry(path, page.mounts?.includes(path) ? "store" : undefined),
        );
        this.#take([...folders, ...page.files.map(fileEntry)]);
      } while (this.#cursor !== undefined);
      this.state = "done";
    } catch (error) {
      if (signal.aborted) return;
      this.state = "failed";
      this.#model.failed(error);
    }
    this.#model.host.requestUpdate();
  }

  stop(): void {
    this.#running.abort();
  }

  #take(entries: readonly ListedEntry[]): void {
    const { folder } = this.#model.host;
    this.listing.put(entries.filter(({ path }) => path !== folder));
    this.#model.host.requestUpdate();
  }
}
