import type { NaruApi } from "@naru/client";
import type { WireFile } from "@naru/core";
import type { ReactiveControllerHost, TemplateResult } from "lit";
import type { Localized } from "../language/language.ts";
import { closeDialog } from "../question.ts";
import { type FileAnswer, fileDialog } from "./file-dialog.ts";
import {
  countFiles,
  type Entry,
  type FileTask,
  failureOf,
  freePath,
  makeFolder,
  removeEntry,
  renameEntry,
} from "./file-tasks.ts";

/** The list that is changed. */
export interface FileChangesHost extends ReactiveControllerHost {
  readonly api: NaruApi | undefined;
  /** The folder shown: "" or "a/b/". */
  readonly folder: string;
  readonly renderRoot: ParentNode;
}

export interface FileChangesOptions {
  readonly host: FileChangesHost;
  readonly words: Localized;
  readonly onMade: (folder: string) => void;
  /** `as` is the path that it has now; of a file, all that is known of it. */
  readonly onRenamed: (entry: Entry, as: string | WireFile) => void;
  readonly onRemoved: (entry: Entry) => void;
  readonly onFailed: (error: unknown) => void;
}

/** What is done with the files and folders of a list, each asked for in a dialog. */
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

  remove(entry: Entry): void {
    this.#ask({ at: "remove", entry });
    if (entry.kind === "folder") void this.#count(entry);
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
      else {
        await removeEntry(api, task.entry);
        this.#end(task);
        this.#options.onRemoved(task.entry);
      }
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
    const to = `${host.folder}${answer.name}`;
    const renamed = await renameEntry(api, entry, { to, replace: answer.replace });
    if ("taken" in renamed) {
      const wish = (await freePath(api, to)).slice(host.folder.length);
      this.#askOn(task, { ...task, taken: renamed.taken, wish, failed: undefined });
      await host.updateComplete;
      host.renderRoot.querySelector<HTMLInputElement>("dialog input")?.select();
      return;
    }
    this.#end(task);
    onRenamed(entry, "file" in renamed ? renamed.file : renamed.folder);
  }

  async #count(entry: Entry): Promise<void> {
    const { api } = this.#options.host;
    if (api === undefined) return;
    this.#counting = new AbortController();
    const { signal } = this.#counting;
    try {
      for await (const counted of countFiles(api, entry.path, signal)) {
        if (signal.aborted) return;
        this.#ask({ at: "remove", entry, counted });
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#ask({ at: "remove", entry, failed: failureOf(error, { at: "folder" }) });
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
