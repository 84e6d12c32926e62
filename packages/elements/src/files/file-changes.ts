import type { NaruApi } from "@naru/client";
import type { TemplateResult } from "lit";
import type { Localized } from "../language/language.ts";
import { closeDialog } from "../question.ts";
import type { Entry, ListedEntry } from "./entry.ts";
import { type FileAnswer, fileDialog } from "./file-dialog.ts";
import { countFiles, type FileTask, failureOf, freePath, makeFolder, removeEntry, renameEntry } from "./file-tasks.ts";
import type { FilesHost } from "./files-model.ts";
import type { WithOperationWords } from "./operation-words.ts";

export interface FileChangesOptions {
  readonly host: FilesHost;
  readonly words: Localized<WithOperationWords>;
  readonly onMade: (folder: string) => void;
  readonly onRenamed: (entry: Entry, as: ListedEntry) => void;
  readonly onRemoved: (entries: readonly Entry[]) => void;
  readonly onFailed: (error: unknown) => void;
}

/** What is asked for in a dialog: a new folder, another name, and whether to remove for good. */
export class FileChanges {
  readonly #options: FileChangesOptions;
  #task: FileTask | undefined;
  #busy = false;
  #counting = new AbortController();

  constructor(options: FileChangesOptions) {
    this.#options = options;
  }

  makeFolder(): void {
    this.#ask({ at: "folder" });
  }

  rename(entry: Entry): void {
    this.#ask({ at: "rename", entry });
  }

  remove(entries: readonly Entry[]): void {
    this.#ask({ at: "remove", entries });
    if (entries.length > 1 || entries[0]?.kind === "folder") void this.#count(entries);
  }

  /** Close the dialog; what has begun is done all the same, and fails aloud. */
  close(): void {
    this.#counting.abort();
    closeDialog(this.#options.host.renderRoot);
    this.#ask(undefined);
  }

  /** Draw the dialog, if something is asked. */
  dialog(): TemplateResult | undefined {
    if (this.#task === undefined) return undefined;
    const done = (answer: FileAnswer): void => void this.#do(answer);
    return fileDialog(this.#task, { words: this.#options.words, busy: this.#busy, done, close: () => this.close() });
  }

  async #do(answer: FileAnswer): Promise<void> {
    const task = this.#task;
    const { api } = this.#options.host;
    if (task === undefined || api === undefined || this.#busy) return;
    this.#busy = true;
    this.#options.host.requestUpdate();
    try {
      if (task.at === "folder") await this.#make(task, answer, api);
      else if (task.at === "rename") await this.#rename(task, answer, api);
      else await this.#remove(task, api);
    } catch (error) {
      this.#askOn(task, { ...task, failed: failureOf(error, task) });
      this.#options.onFailed(error);
    } finally {
      this.#busy = false;
      this.#options.host.requestUpdate();
    }
  }

  async #make(task: FileTask, { name }: FileAnswer, api: NaruApi): Promise<void> {
    const path = `${this.#options.host.folder}${name}`;
    if (!(await makeFolder(api, path))) return this.#askOn(task, { ...task, failed: "conflict" });
    this.#end(task);
    this.#options.onMade(`${path}/`);
  }

  async #rename(task: Extract<FileTask, { at: "rename" }>, answer: FileAnswer, api: NaruApi): Promise<void> {
    const { entry } = task;
    const { host, onRenamed } = this.#options;
    if (answer.name === entry.name) return this.close();
    const folder = entry.path.slice(0, entry.path.length - entry.name.length - (entry.kind === "folder" ? 1 : 0));
    const to = `${folder}${answer.name}`;
    const renamed = await renameEntry(api, entry, { to, replace: answer.replace });
    if ("taken" in renamed) {
      const wish = (await freePath(api, to)).slice(folder.length);
      this.#askOn(task, { ...task, taken: renamed.taken, wish, failed: undefined });
      await host.updateComplete;
      host.renderRoot.querySelector<HTMLInputElement>("dialog input")?.select();
      return;
    }
    this.#end(task);
    onRenamed(entry, renamed.entry);
  }

  /** What was removed before one failed is gone, and the list says so. */
  async #remove(task: Extract<FileTask, { at: "remove" }>, api: NaruApi): Promise<void> {
    const removed: Entry[] = [];
    try {
      for (const entry of task.entries) {
        await removeEntry(api, entry);
        removed.push(entry);
      }
      this.#end(task);
    } finally {
      if (removed.length > 0) this.#options.onRemoved(removed);
    }
  }

  async #count(entries: readonly Entry[]): Promise<void> {
    const { api } = this.#options.host;
    if (api === undefined) return;
    this.#counting = new AbortController();
    const { signal } = this.#counting;
    try {
      for await (const counted of countFiles(api, entries, signal)) {
        if (signal.aborted) return;
        this.#ask({ at: "remove", entries, counted });
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#ask({ at: "remove", entries, failed: failureOf(error, { at: "folder" }) });
      this.#options.onFailed(error);
    }
  }

  /** Close the dialog of a task, but not that of another which was begun meanwhile. */
  #end(task: FileTask): void {
    if (this.#task === task) this.close();
  }

  /** Ask again, unless something else is being asked by now. */
  #askOn(task: FileTask, next: FileTask): void {
    if (this.#task === undefined || this.#task === task) this.#ask(next);
  }

  #ask(task: FileTask | undefined): void {
    this.#task = task;
    this.#options.host.requestUpdate();
  }
}
