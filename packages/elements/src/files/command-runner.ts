import { archivePath } from "@naru/client";
import { saveFile } from "@naru/client/browser";
import { loadPart } from "../load-part.ts";
import { bears, type Command } from "./commands.ts";
import { type Entry, parentOf } from "./entry.ts";
import type { FileOperations } from "./file-operations.ts";
import type { FilesModel } from "./files-model.ts";

/** Events that others may take over; what nobody prevents is done plainly. */
type Wish = "naru-download" | "naru-share" | "naru-request" | "naru-preview";

/** Has done what is asked of files and folders: by whoever hears of it, or by the part of the list that is loaded for it. */
export class CommandRunner {
  readonly #model: FilesModel;
  #operations: FileOperations | undefined;

  constructor(model: FilesModel) {
    this.#model = model;
  }

  /** What has been loaded so far. */
  get operations(): FileOperations | undefined {
    return this.#operations;
  }

  /** Do something with these. */
  async run(command: Command, entries: readonly Entry[]): Promise<void> {
    const [first] = entries;
    // Keys ask without having been offered anything.
    if (!bears(command, entries)) return;
    if (command === "open" && first !== undefined) return this.#open(first, entries.length);
    if (command === "download") return this.#download(entries);
    if (command === "share" && first !== undefined) return void this.#wish("naru-share", { path: first.path });
    if (command === "request")
      return void this.#wish("naru-request", { folder: first?.path ?? this.#model.host.folder });
    const operations = await this.load();
    await operations?.run(command, entries);
  }

  /** Load what renames, moves, copies and removes. */
  async load(): Promise<FileOperations | undefined> {
    if (this.#operations !== undefined) return this.#operations;
    const part = await loadPart(() => import("./file-operations.ts"));
    if (part === undefined) return undefined;
    this.#operations ??= new part.FileOperations(this.#model, (command, entries) => void this.run(command, entries));
    return this.#operations;
  }

  async #open({ kind, path }: Entry, count: number): Promise<void> {
    if (count !== 1) return;
    if (kind === "folder") return this.#model.go(path);
    const files = this.#model.listing.shown.filter(
      (entry) => entry.kind === "file" && parentOf(entry.path) === parentOf(path),
    );
    const paths = files.map((entry) => entry.path);
    if (!this.#wish("naru-preview", { path, paths })) await this.#download([{ kind, path, name: path }]);
  }

  /** The browser would save the server's answer about a file that is gone, so it is asked for first. */
  async #download(entries: readonly Entry[]): Promise<void> {
    const { host, words } = this.#model;
    const { api } = host;
    const [first] = entries;
    if (api === undefined || first === undefined) return;
    const t = words.t.file;
    const isFile = entries.length === 1 && first.kind === "file";
    this.#model.trouble = undefined;
    try {
      if (isFile && (await api.stat(first.path)) === undefined) {
        this.#model.trouble = t.gone(first.path.slice(first.path.lastIndexOf("/") + 1));
        return await this.#model.gone([first.path]);
      }
      if (this.#wish("naru-download", { paths: entries.map(({ path }) => path) })) return;
      if (isFile) saveFile(api, first);
      else saveArchive(api.origin, entries);
    } catch (error) {
      this.#model.trouble = `${t.downloadFailed} ${this.#model.wordsOf(error)}`;
      this.#model.failed(error);
    } finally {
      host.requestUpdate();
    }
  }

  /** Tell of a wish; true where somebody takes it. */
  #wish(type: Wish, detail: unknown): boolean {
    const event = new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true });
    return !this.#model.host.dispatchEvent(event);
  }
}

function saveArchive(origin: string, entries: readonly Entry[]): void {
  const link = document.createElement("a");
  const paths = entries.map(({ path }) => path);
  link.href = `${origin}${archivePath(paths, { zoneMinutes: -new Date().getTimezoneOffset() })}`;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
