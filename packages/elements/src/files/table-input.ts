import { CommandRunner } from "./command-runner.ts";
import type { Command } from "./commands.ts";
import { type ListedEntry, parentOf } from "./entry.ts";
import { EntryDrags } from "./entry-drags.ts";
import type { FilesModel } from "./files-model.ts";
import { GridCursor } from "./grid-cursor.ts";
import { LongPress, rowOf, rowPress } from "./row-pointer.ts";

/** What mouse, keys and fingers do in the list; loaded while the first names are on their way. */
export class TableInput {
  readonly #model: FilesModel;
  readonly runner: CommandRunner;
  readonly #cursor: GridCursor;
  readonly #longPress: LongPress;
  readonly #drags: EntryDrags;
  readonly #on: Readonly<Record<string, (event: Event) => void>>;

  constructor(model: FilesModel) {
    const runner = new CommandRunner(model);
    this.#model = model;
    this.runner = runner;
    this.#drags = new EntryDrags(model, runner);
    this.#cursor = new GridCursor(model, {
      run: (command) => (command === "menu" ? void this.#menuAtRow() : this.#run(command, this.#meant())),
      up: () => this.up(),
      undo: () => void runner.operations?.undo(),
    });
    this.#longPress = new LongPress((path) => {
      model.selection.toggle(path);
      model.host.requestUpdate();
    });
    const drag = (event: Event): void => this.#drags.hear(event);
    this.#on = {
      click: (event) => this.#clicked(event),
      dblclick: (event) => this.#doubleClicked(event),
      keydown: this.#cursor.press,
      contextmenu: (event) => this.#menuAsked(event),
      focusin: (event) => this.#focused(event),
      pointerdown: this.#longPress.down,
      pointermove: this.#longPress.move,
      pointerup: this.#longPress.cancel,
      pointercancel: this.#longPress.cancel,
      dragstart: drag,
      dragover: drag,
      dragleave: drag,
      drop: drag,
      dragend: drag,
    };
  }

  /** Hear what happens in the list. */
  hear(event: Event): void {
    this.#on[event.type]?.(event);
  }

  /** Go to the folder above. */
  up(): void {
    const { folder } = this.#model.host;
    if (folder !== "") this.#model.go(parentOf(folder));
  }

  /** Show what can be done with what is chosen, below a button. */
  async menuBelow(button: Element): Promise<void> {
    const { left, bottom } = button.getBoundingClientRect();
    await this.#menu(this.#model.chosen, { x: left, y: bottom + 4 });
  }

  #clicked(event: Event): void {
    const { selection, listing, host } = this.#model;
    const entry = listing.get(rowOf(event) ?? "");
    if (entry === undefined || !(event instanceof MouseEvent) || this.#longPress.spends(event)) return;
    const press = rowPress(event, { choosing: selection.size > 0 });
    // A box that is pressed ticks itself; the rest is ours to do.
    if (press.at !== "none" && !(event.target instanceof HTMLInputElement)) event.preventDefault();
    if (press.at === "open") this.#run("open", [entry]);
    else if (press.at === "action") this.#act(press.action, entry, event);
    else if (press.at === "only") selection.only(entry.path);
    else if (press.at === "toggle") selection.toggle(entry.path);
    else if (press.at !== "none") selection.extend(listing.shown, entry.path, { keep: press.at === "extend-more" });
    host.requestUpdate();
  }

  #act(action: string, entry: ListedEntry, event: MouseEvent): void {
    if (action === "menu") {
      const { right, bottom } = event.target instanceof Element ? event.target.getBoundingClientRect() : new DOMRect();
      void this.#menuOf(entry, { x: right, y: bottom + 4 });
    } else if (action === "download" || action === "rename" || action === "remove") this.#run(action, [entry]);
  }

  #doubleClicked(event: Event): void {
    const entry = this.#model.listing.get(rowOf(event) ?? "");
    const isPlain = event.target instanceof Element && event.target.closest("a, button, input") === null;
    if (entry !== undefined && isPlain) this.#run("open", [entry]);
  }

  #focused(event: Event): void {
    const path = rowOf(event);
    if (path === undefined || path === this.#model.selection.active) return;
    this.#model.selection.active = path;
    this.#model.host.requestUpdate();
  }

  #menuAsked(event: Event): void {
    if (!(event instanceof PointerEvent) || this.#longPress.spends(event)) return;
    const entry = this.#model.listing.get(rowOf(event) ?? "");
    const isElsewhere =
      event.target instanceof Element && event.target.closest("tr, a, button, input, select") !== null;
    // With Shift the browser's own menu comes, as everywhere.
    if (event.shiftKey || (entry === undefined && isElsewhere)) return;
    event.preventDefault();
    const at = { x: event.clientX, y: event.clientY };
    if (entry === undefined) void this.#menu([], at);
    else void this.#menuOf(entry, at);
  }

  async #menuAtRow(): Promise<void> {
    const { active } = this.#model.selection;
    const entry = this.#model.listing.get(active ?? "");
    const row = this.#model.host.renderRoot.querySelector(`tr[data-row="${CSS.escape(active ?? "")}"] .name`);
    const { left, bottom } = row?.getBoundingClientRect() ?? new DOMRect();
    if (entry !== undefined) await this.#menuOf(entry, { x: left + 24, y: bottom });
  }

  /** The menu of a row is that of all that is chosen, if the row is among it. */
  async #menuOf(entry: ListedEntry, at: { readonly x: number; readonly y: number }): Promise<void> {
    const { selection, chosen, host } = this.#model;
    if (!selection.has(entry.path)) selection.only(entry.path);
    host.requestUpdate();
    await this.#menu(selection.size > 1 ? chosen : [entry], at);
  }

  async #menu(entries: readonly ListedEntry[], at: { readonly x: number; readonly y: number }): Promise<void> {
    const operations = await this.runner.load();
    await operations?.menu(entries, at);
  }

  /** What a key is about: what is chosen, else the row that has the focus. */
  #meant(): readonly ListedEntry[] {
    const { chosen, selection, listing } = this.#model;
    const active = listing.get(selection.active ?? "");
    return chosen.length > 0 || active === undefined ? chosen : [active];
  }

  #run(command: Command, entries: readonly ListedEntry[]): void {
    void this.runner.run(command, entries);
  }
}
