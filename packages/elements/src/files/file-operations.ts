import { html, type TemplateResult } from "lit";
import { Localized } from "../language/language.ts";
import { loadPart } from "../load-part.ts";
import { bring } from "./bring-operation.ts";
import { ClashQuestion } from "./clash-question.ts";
import { Clipboard } from "./clipboard.ts";
import type { Command } from "./commands.ts";
import { hashOf } from "./crumbs.ts";
import { type Entry, folderEntry, type ListedEntry } from "./entry.ts";
import { entryMenu } from "./entry-menu.ts";
import type { How } from "./entry-transfers.ts";
import { FileChanges } from "./file-changes.ts";
import { renameEntry } from "./file-tasks.ts";
import type { FilesModel } from "./files-model.ts";
import { FolderPicker } from "./folder-picker.ts";
import { menuItems } from "./menu-items.ts";
import { operationWords, type WithOperationWords } from "./operation-words.ts";
import { operationsStyle } from "./operations-style.ts";
import { Outcome } from "./outcome.ts";
import { remove } from "./remove-operation.ts";

/** What is done with files and folders: the part of `<naru-files>` that is loaded when the first of it is asked for. */
export class FileOperations {
  readonly #model: FilesModel;
  /** Has everything done that a menu offers. */
  readonly #run: (command: Command, entries: readonly Entry[]) => void;
  readonly #words: Localized<WithOperationWords>;
  readonly #outcome: Outcome;
  readonly #changes: FileChanges;
  readonly #picker: FolderPicker;
  readonly #clash: ClashQuestion;
  readonly #clipboard: Clipboard;
  /** What stands over the list: the bin, or all that is known of an entry. */
  #over: "bin" | Entry | undefined;
  #menu:
    | { readonly entries: readonly ListedEntry[]; readonly at: { readonly x: number; readonly y: number } }
    | undefined;

  constructor(model: FilesModel, run: (command: Command, entries: readonly Entry[]) => void) {
    this.#model = model;
    this.#run = run;
    const { host } = model;
    this.#words = new Localized(host, operationWords);
    this.#outcome = new Outcome(model, this.#words);
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
        model.say(this.#words.t.does.removed(this.#outcome.namesOf(entries)));
        void model.gone(entries.map(({ path }) => path));
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
    if (command === "bin") return this.#showBin();
    if (first === undefined) return;
    if (command === "details") return this.#showDetails(first);
    if (command === "rename") this.#changes.rename(first);
    else if (command === "remove") await remove(this.#outcome, this.#changes, entries);
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

  /** Move or copy these into a folder. */
  async bring(how: How, entries: readonly Entry[], folder: string): Promise<void> {
    await bring(this.#outcome, this.#clash, { how, entries, folder });
  }

  /** Undo what was done last. */
  async undo(): Promise<void> {
    await this.#outcome.undo();
  }

  /** Leave nothing asked. */
  close(): void {
    this.#changes.close();
    this.#picker.close();
    this.#outcome.toast.close();
    this.#clipboard.close();
  }

  render(): TemplateResult {
    return html`${this.#changes.dialog()}${this.#picker.dialog()}${this.#clash.dialog()}${this.#overShown()}${this.#menuShown()}${this.#outcome.toast.render(() => void this.undo())}`;
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

  async #showBin(): Promise<void> {
    if ((await loadPart(() => import("./naru-bin.ts"))) !== undefined) this.#show("bin");
  }

  async #showDetails(entry: Entry): Promise<void> {
    if ((await loadPart(() => import("./naru-details.ts"))) !== undefined) this.#show(entry);
  }

  #show(over: "bin" | Entry | undefined): void {
    this.#over = over;
    this.#model.host.requestUpdate();
  }

  #overShown(): TemplateResult | undefined {
    const over = this.#over;
    if (over === undefined) return undefined;
    const { api } = this.#model.host;
    const close = (): void => this.#show(undefined);
    if (over === "bin") return html`<naru-bin .api=${api} @close=${close} @naru-restored=${this.#restored}></naru-bin>`;
    const act = ({ detail }: CustomEvent<"open" | "download">): void => this.#run(detail, [over]);
    return html`<naru-details .api=${api} .entry=${over} @close=${close} @naru-act=${act}></naru-details>`;
  }

  readonly #restored = (): void => {
    // What it offers to undo may be undone.
    this.#outcome.toast.forget();
    void this.#model.contents.refresh();
  };

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
    const to = entry.kind === "folder" ? entry.path.slice(0, -1) : entry.path;
    const undo = async (): Promise<boolean> => {
      if (host.api === undefined) return false;
      const back = await renameEntry(host.api, as, { to, replace: false }).catch(() => undefined);
      if (back === undefined || "taken" in back) return false;
      this.#model.drop([as.path]);
      await this.#model.added([back.entry]);
      return true;
    };
    this.#outcome.tell(words, undo);
  }

  #keep(command: "cut" | "clip", entries: readonly Entry[]): void {
    const { t } = this.#words;
    const how = command === "cut" ? "move" : "copy";
    this.#clipboard.keep(how, entries);
    const names = this.#outcome.namesOf(entries);
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
    this.#outcome.toast.show({ words, isFailure: !copied });
    this.#model.say(words);
  }
}

function linkTo({ path }: Entry): string {
  return new URL(hashOf(path), location.href).href;
}
