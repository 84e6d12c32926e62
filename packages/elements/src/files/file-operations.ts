import { FilesApi } from "@naru/client";
import { html, type TemplateResult } from "lit";
import { Localized } from "../language/language.ts";
import { ClashQuestion } from "./clash-question.ts";
import { Clipboard } from "./clipboard.ts";
import type { Command } from "./commands.ts";
import { hashOf } from "./crumbs.ts";
import { type Entry, folderEntry, type ListedEntry, parentOf } from "./entry.ts";
import { entryMenu } from "./entry-menu.ts";
import { type BringApi, type Brought, bringEntries, type How, takeBack } from "./entry-transfers.ts";
import { FileChanges } from "./file-changes.ts";
import { removeEntry, renameEntry } from "./file-tasks.ts";
import type { FilesModel } from "./files-model.ts";
import { FolderPicker } from "./folder-picker.ts";
import { menuItems } from "./menu-items.ts";
import { operationWords, type WithOperationWords } from "./operation-words.ts";
import { operationsStyle } from "./operations-style.ts";
import { Toast } from "./toast.ts";

/** What is done with files and folders: the part of `<naru-files>` that is loaded when the first of it is asked for. */
export class FileOperations {
  readonly #model: FilesModel;
  /** Has everything done that a menu offers. */
  readonly #run: (command: Command, entries: readonly Entry[]) => void;
  readonly #words: Localized<WithOperationWords>;
  readonly #toast: Toast;
  readonly #changes: FileChanges;
  readonly #picker: FolderPicker;
  readonly #clash: ClashQuestion;
  readonly #clipboard: Clipboard;
  #menu:
    | { readonly entries: readonly ListedEntry[]; readonly at: { readonly x: number; readonly y: number } }
    | undefined;

  constructor(model: FilesModel, run: (command: Command, entries: readonly Entry[]) => void) {
    this.#model = model;
    this.#run = run;
    const { host } = model;
    this.#words = new Localized(host, operationWords);
    this.#toast = new Toast(this.#words, () => host.requestUpdate());
    this.#picker = new FolderPicker(
      model,
      this.#words,
      (how, entries, folder) => void this.bring(how, entries, folder),
    );
    this.#clash = new ClashQuestion(host, this.#words);
    this.#clipboard = new Clipboard(model, { onPaste: () => void this.#paste() });
    this.#changes = new FileChanges({
      host,
      words: this.#words,
      onMade: (folder) => {
        const entry = folderEntry(folder);
        model.say(this.#words.t.does.announceMade(entry.name));
        void model.added([entry], { within: ".name" });
      },
      onRenamed: (entry, as) => this.#renamed(entry, as),
      onRemoved: (entries) => {
        model.say(this.#words.t.does.removed(this.#namesOf(entries)));
        void model.gone(
          entries.map(({ path }) => path),
          { within: "[data-action=remove]" },
        );
      },
      onFailed: (error) => model.failed(error),
    });
    if (host.renderRoot instanceof ShadowRoot && operationsStyle.styleSheet !== undefined) {
      host.renderRoot.adoptedStyleSheets = [...host.renderRoot.adoptedStyleSheets, operationsStyle.styleSheet];
    }
  }

  /** Do something with these. */
  async run(command: Command, entries: readonly Entry[]): Promise<void> {
    const [first] = entries;
    if (command === "new") return this.#changes.makeFolder();
    if (command === "paste") return this.#paste();
    if (first === undefined) return;
    if (command === "rename") this.#changes.rename(first);
    else if (command === "remove") this.#changes.remove(entries);
    else if (command === "move" || command === "copy") this.#picker.ask(command, entries);
    else if (command === "cut" || command === "clip") this.#keep(command, entries);
    else if (command === "link") await this.#copyText(linkTo(first), this.#words.t.does.linkCopied);
  }

  /** Show what can be done with these; with nothing, what can be done in the folder. */
  async menu(entries: readonly ListedEntry[], at: { readonly x: number; readonly y: number }): Promise<void> {
    this.#menu = { entries, at };
    const { host } = this.#model;
    host.requestUpdate();
    await host.updateComplete;
    const menu = host.renderRoot.querySelector<HTMLElement>(".menu");
    menu?.showPopover();
    menu?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }

  /** Move or copy these into a folder; of taken names it is asked once what is to become of them. */
  async bring(how: How, entries: readonly Entry[], folder: string): Promise<void> {
    const calls = this.#calls();
    if (calls === undefined) return;
    // A copy beside what it is a copy of has another name.
    const isBeside = how === "copy" && entries.every(({ path }) => parentOf(path) === folder);
    const first = await bringEntries(calls, entries, { how, folder, conflict: isBeside ? "rename" : "fail" });
    this.#show(how, first.done);
    let more: Brought = { done: [], taken: [], failed: [] };
    if (first.taken.length > 0) {
      const answer = await this.#clash.ask(first.taken, this.#nameOf(folder));
      if (answer !== "skip") more = await bringEntries(calls, first.taken, { how, folder, conflict: answer });
      this.#show(how, more.done);
    }
    const done = [...first.done, ...more.done];
    const failed = [...first.failed, ...more.failed];
    for (const { error } of failed) this.#model.failed(error);
    if (failed.length > 0) return this.#tellFailed(failed);
    if (done.length > 0) this.#tellBrought(how, done, folder);
  }

  /** Undo what was done last. */
  async undo(): Promise<void> {
    const words = await this.#toast.undo();
    if (words !== undefined) this.#model.say(words);
  }

  /** Leave nothing asked. */
  close(): void {
    this.#changes.close();
    this.#picker.close();
    this.#toast.close();
    this.#clipboard.close();
  }

  render(): TemplateResult {
    return html`${this.#changes.dialog()}${this.#picker.dialog()}${this.#clash.dialog()}${this.#menuShown()}${this.#toast.render(() => void this.undo())}`;
  }

  #calls(): BringApi | undefined {
    const { api } = this.#model.host;
    return api === undefined ? undefined : { api, files: new FilesApi({ origin: api.origin, auth: api.auth }) };
  }

  #menuShown(): TemplateResult | undefined {
    if (this.#menu === undefined) return undefined;
    const { entries, at } = this.#menu;
    const items = menuItems(entries, { words: this.#words.t, canPaste: this.#clipboard.holds });
    const pick = (command: string): void => {
      this.#closeMenu();
      const item = items.find((one) => one.command === command);
      if (item !== undefined) this.#run(item.command, entries);
    };
    return entryMenu({ label: this.#words.t.file.moreActions, items, at, pick, close: () => this.#closeMenu() });
  }

  #closeMenu(): void {
    if (this.#menu === undefined) return;
    const { active } = this.#model.selection;
    this.#menu = undefined;
    this.#model.host.renderRoot.querySelector<HTMLElement>(".menu")?.hidePopover();
    this.#model.host.requestUpdate();
    void this.#model.focusRow(active);
  }

  #renamed(entry: Entry, as: ListedEntry): void {
    const { t } = this.#words;
    const { host } = this.#model;
    this.#model.drop([entry.path]);
    void this.#model.added([as], { within: "[data-action=rename]" });
    const words = t.does.renamed(as.name);
    this.#model.say(words);
    const to = entry.kind === "folder" ? entry.path.slice(0, -1) : entry.path;
    const undo = async (): Promise<boolean> => {
      if (host.api === undefined) return false;
      const back = await renameEntry(host.api, as, { to, replace: false }).catch(() => undefined);
      if (back === undefined || "taken" in back) return false;
      this.#model.drop([as.path]);
      await this.#model.added([back.entry]);
      return true;
    };
    this.#toast.show({ words, undo });
  }

  #show(how: How, done: Brought["done"]): void {
    if (done.length === 0) return;
    if (how === "move") void this.#model.gone(done.map(({ from }) => from.path));
    for (const { as } of done) this.#model.put(as, "changed");
  }

  #tellBrought(how: How, done: Brought["done"], folder: string): void {
    const { t } = this.#words;
    const names = this.#namesOf(done.map(({ from }) => from));
    const where = this.#nameOf(folder);
    const words = how === "move" ? t.does.moved(names, where) : t.does.copied(names, where);
    const undo = async (): Promise<boolean> => {
      const calls = this.#calls();
      if (calls === undefined) return false;
      this.#model.drop(done.map(({ as }) => as.path));
      if (how === "move") {
        const isWhole = await takeBack(calls, done);
        await this.#model.contents.refresh();
        return isWhole;
      }
      const removed = await Promise.allSettled(done.map(({ as }) => removeEntry(calls.api, as)));
      return removed.every(({ status }) => status === "fulfilled");
    };
    this.#toast.show({ words, undo });
    this.#model.say(words);
  }

  #tellFailed(failed: Brought["failed"]): void {
    const names = this.#namesOf(failed.map(({ entry }) => entry));
    const words = this.#words.t.does.failed(names, this.#model.wordsOf(failed[0]?.error));
    this.#toast.show({ words, isFailure: true });
    this.#model.say(words);
  }

  #keep(command: "cut" | "clip", entries: readonly Entry[]): void {
    const { t } = this.#words;
    const how = command === "cut" ? "move" : "copy";
    this.#clipboard.keep(how, entries);
    const names = this.#namesOf(entries);
    this.#model.say(command === "cut" ? t.does.cut(names) : t.does.clipped(names));
  }

  async #paste(): Promise<void> {
    const held = this.#clipboard.take();
    if (held !== undefined) await this.bring(held.how, held.entries, this.#model.host.folder);
  }

  async #copyText(text: string, said: string): Promise<void> {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    const words = copied ? said : this.#words.t.does.copyFailed;
    this.#toast.show({ words, isFailure: !copied });
    this.#model.say(words);
  }

  #namesOf(entries: readonly Entry[]): string {
    return this.#words.t.does.names(entries[0]?.name ?? "", entries.length);
  }

  #nameOf(folder: string): string {
    return folder === "" ? this.#words.t.allFiles : folderEntry(folder).name;
  }
}

function linkTo({ path }: Entry): string {
  return new URL(hashOf(path), location.href).href;
}
