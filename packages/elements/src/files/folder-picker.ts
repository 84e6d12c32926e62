import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Localized } from "../language/language.ts";
import { closeDialog } from "../question.ts";
import { crumbs } from "./crumbs.ts";
import { type Entry, folderEntry, parentOf } from "./entry.ts";
import type { How } from "./entry-transfers.ts";
import type { FilesModel } from "./files-model.ts";
import { firstSort } from "./files-model.ts";
import { FolderContents } from "./folder-contents.ts";
import type { WithOperationWords } from "./operation-words.ts";

interface Wanted {
  readonly how: How;
  readonly entries: readonly Entry[];
}

/** Asks for the folder that something is moved or copied to. */
export class FolderPicker {
  readonly #model: FilesModel;
  readonly #words: Localized<WithOperationWords>;
  readonly #onPicked: (how: How, entries: readonly Entry[], folder: string) => void;
  readonly #contents: FolderContents;
  #wanted: Wanted | undefined;

  constructor(
    model: FilesModel,
    words: Localized<WithOperationWords>,
    onPicked: (how: How, entries: readonly Entry[], folder: string) => void,
  ) {
    this.#model = model;
    this.#words = words;
    this.#onPicked = onPicked;
    const onChange = (): void => model.host.requestUpdate();
    const onFailed = (error: unknown): void => model.failed(error);
    this.#contents = new FolderContents({ api: () => model.host.api, onChange, onFailed }, firstSort);
  }

  ask(how: How, entries: readonly Entry[]): void {
    this.#wanted = { how, entries };
    void this.#contents.open(this.#model.host.folder);
  }

  close(): void {
    this.#contents.close();
    if (this.#wanted === undefined) return;
    closeDialog(this.#model.host.renderRoot);
    this.#wanted = undefined;
    this.#model.host.requestUpdate();
  }

  dialog(): TemplateResult | typeof nothing {
    if (this.#wanted === undefined) return nothing;
    const { how, entries } = this.#wanted;
    const { t } = this.#words;
    const names = t.does.names(entries[0]?.name ?? "", entries.length);
    const { folder } = this.#contents;
    const why = this.#whyNot();
    const go = (event: Event, to: string): void => {
      event.preventDefault();
      void this.#contents.open(to);
    };
    return html`<dialog class="picker" aria-labelledby="title" @close=${() => this.close()}>
      <h2 id="title">${how === "move" ? t.does.moveTitle(names) : t.does.copyTitle(names)}</h2>
      <nav class="crumbs" aria-labelledby="title">${crumbs(folder, { t, go })}</nav>
      ${this.#folders()}
      <p class="note" role="status">${why ?? ""}</p>
      <div class="answers">
        <button type="button" data-action="keep" @click=${() => this.close()}>${t.cancel}</button>
        <button type="button" class="primary" data-action="confirm" ?disabled=${why !== undefined} @click=${() => this.#pick()}>${how === "move" ? t.does.moveHere : t.does.copyHere}</button>
      </div>
    </dialog>`;
  }

  #folders(): TemplateResult {
    const { t } = this.#words;
    const { listing, state, isLoading } = this.#contents;
    const end = listing.shown.findIndex(({ kind }) => kind === "file");
    const folders = listing.shown.slice(0, end === -1 ? undefined : end);
    if (state === "failed") return html`<div class="folders" role="alert"><p>${t.loadFailed}</p></div>`;
    if (folders.length === 0)
      return html`<div class="folders" aria-busy=${isLoading}><p>${isLoading ? t.loading : t.does.noFolders}</p></div>`;
    return html`<ul class="folders" aria-label=${t.does.folderList}>${folders.map(
      ({ path, name }) =>
        html`<li><button type="button" data-pick=${path} ?disabled=${this.#isGoing(path)} @click=${() => void this.#contents.open(path)}>${icon("folder")}<span>${name}</span></button></li>`,
    )}</ul>`;
  }

  #pick(): void {
    const wanted = this.#wanted;
    const { folder } = this.#contents;
    this.close();
    if (wanted !== undefined) this.#onPicked(wanted.how, wanted.entries, folder);
  }

  /** Why nothing can be brought to the folder that is shown. */
  #whyNot(): string | undefined {
    const { t } = this.#words;
    const { folder, state } = this.#contents;
    if (this.#isGoing(folder)) return t.does.insideItself;
    const isHere = this.#wanted?.entries.every(({ path }) => parentOf(path) === folder) ?? false;
    if (isHere && this.#wanted?.how === "move") return t.does.alreadyHere;
    return state === "missing" ? t.file.missing(folderEntry(folder).name) : undefined;
  }

  /** Whether a folder is one of those that are moved, or inside of one. */
  #isGoing(folder: string): boolean {
    return this.#wanted?.entries.some(({ kind, path }) => kind === "folder" && folder.startsWith(path)) ?? false;
  }
}
