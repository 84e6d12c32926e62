import { keyOf } from "./entry.ts";
import type { FilesModel } from "./files-model.ts";
import { type GridKey, gridKey, TypedName } from "./grid-keys.ts";

export interface GridCursorActs {
  readonly run: (command: Extract<GridKey, { at: "run" }>["command"]) => void;
  readonly up: () => void;
  readonly undo: () => void;
}

type Move = Extract<GridKey, { at: "move" }>;

/** Moves through the list by keys, and chooses on the way. */
export class GridCursor {
  readonly #model: FilesModel;
  readonly #acts: GridCursorActs;
  readonly #typed = new TypedName();

  constructor(model: FilesModel, acts: GridCursorActs) {
    this.#model = model;
    this.#acts = acts;
  }

  /** Do what a key asks for. */
  readonly press = (event: Event): void => {
    if (!(event instanceof KeyboardEvent)) return;
    const { target } = event;
    const onRow = target instanceof HTMLTableRowElement || target instanceof HTMLTableElement;
    const key = gridKey(event, { onRow });
    if (key === undefined) return;
    if (target instanceof Element && target.closest("thead") !== null && key.at !== "all") return;
    if (key.at === "clear" && this.#model.selection.size === 0) return;
    event.preventDefault();
    this.#do(key, event.timeStamp);
  };

  #do(key: GridKey, now: number): void {
    if (key.at === "move") this.#move(key);
    else if (key.at === "run") this.#acts.run(key.command);
    else if (key.at === "up") this.#acts.up();
    else if (key.at === "undo") this.#acts.undo();
    else if (key.at === "type") this.#type(key.text, now);
    else this.#choose(key.at);
  }

  #choose(how: "toggle" | "extend" | "all" | "clear"): void {
    const { selection, listing, host } = this.#model;
    const { active } = selection;
    if (how === "all") selection.all(listing.shown);
    else if (how === "clear") selection.clear();
    else if (active !== undefined && how === "toggle") selection.toggle(active);
    else if (active !== undefined) selection.extend(listing.shown, active);
    host.requestUpdate();
  }

  #move({ by, extend, choose }: Move): void {
    const { shown } = this.#model.listing;
    const { active } = this.#model.selection;
    const at = active === undefined ? -1 : this.#model.listing.indexOf(active);
    const page = this.#model.window.pageSize;
    const steps = { page, "-page": -page, first: -shown.length, last: shown.length };
    const to = Math.max(0, Math.min(shown.length - 1, at + (typeof by === "number" ? by : steps[by])));
    this.#go(shown[to]?.path, { extend, choose });
  }

  #type(letter: string, now: number): void {
    const typed = keyOf(this.#typed.add(letter, now));
    const { shown } = this.#model.listing;
    const at = this.#model.listing.indexOf(this.#model.selection.active ?? "");
    const begins = ({ key }: { readonly key: string }): boolean => key.startsWith(typed);
    // One letter again and again goes from one to the next.
    const from = typed.length === 1 ? at + 1 : Math.max(at, 0);
    const found = shown.slice(from).find(begins) ?? shown.find(begins);
    this.#go(found?.path, { extend: false, choose: true });
  }

  #go(path: string | undefined, { extend, choose }: Pick<Move, "extend" | "choose">): void {
    if (path === undefined) return;
    const { selection, listing } = this.#model;
    if (extend) selection.extend(listing.shown, path);
    else if (choose) selection.only(path);
    void this.#model.focusRow(path);
  }
}
