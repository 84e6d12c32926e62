import type { CommandRunner } from "./command-runner.ts";
import { bears } from "./commands.ts";
import type { Entry } from "./entry.ts";
import type { FilesModel } from "./files-model.ts";
import { rowOf } from "./row-pointer.ts";

/** Files and folders of the list that are dragged onto its folders, or onto the path above it, to move them. */
export class EntryDrags {
  readonly #model: FilesModel;
  readonly #runner: CommandRunner;
  #dragged: readonly Entry[] = [];
  #over: Element | undefined;

  constructor(model: FilesModel, runner: CommandRunner) {
    this.#model = model;
    this.#runner = runner;
  }

  /** Hear of a drag; those of files from elsewhere are the uploader's. */
  hear(event: Event): void {
    if (!(event instanceof DragEvent)) return;
    if (event.type === "dragstart") this.#start(event);
    else if (event.type === "dragend") this.#end();
    else if (this.#dragged.length > 0) this.#hover(event);
  }

  #hover(event: DragEvent): void {
    const target = this.#targetOf(event);
    this.#mark(event.type === "dragleave" ? undefined : target?.element);
    if (target === undefined) return;
    if (event.type === "dragover") {
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = event.ctrlKey ? "copy" : "move";
    } else if (event.type === "drop") {
      event.preventDefault();
      void this.#drop(target.folder, event.ctrlKey ? "copy" : "move");
    }
  }

  #start(event: DragEvent): void {
    const entry = this.#model.listing.get(rowOf(event) ?? "");
    const data = event.dataTransfer;
    if (entry === undefined || data === null) return;
    const { selection, chosen } = this.#model;
    if (!selection.has(entry.path)) selection.only(entry.path);
    const dragged = selection.size > 1 ? chosen : [entry];
    if (!bears("move", dragged)) {
      event.preventDefault();
      return;
    }
    this.#dragged = dragged;
    data.effectAllowed = "copyMove";
    data.setData("text/plain", this.#dragged.map(({ name }) => name).join("\n"));
    this.#model.host.requestUpdate();
  }

  /** The folder that an event is over, unless it is dragged itself, or all is in it already. */
  #targetOf(event: DragEvent): { readonly element: Element; readonly folder: string } | undefined {
    const { target } = event;
    if (!(target instanceof Element)) return undefined;
    const element = target.closest<HTMLElement>("tr[data-folder], [data-drop]");
    const folder = element?.dataset["folder"] ?? element?.dataset["drop"];
    if (element === null || folder === undefined) return undefined;
    const isInside = this.#dragged.some(({ kind, path }) => kind === "folder" && folder.startsWith(path));
    return isInside || folder === this.#model.host.folder ? undefined : { element, folder };
  }

  #mark(element: Element | undefined): void {
    if (element === this.#over) return;
    this.#over?.classList.remove("over");
    element?.classList.add("over");
    this.#over = element;
  }

  async #drop(folder: string, how: "move" | "copy"): Promise<void> {
    const dragged = this.#dragged;
    this.#end();
    const operations = await this.#runner.load();
    await operations?.bring(how, dragged, folder);
  }

  #end(): void {
    this.#dragged = [];
    this.#mark(undefined);
  }
}
