/** What a key asks of the list. */
export type GridKey =
  | {
      readonly at: "move";
      readonly by: number | "page" | "-page" | "first" | "last";
      readonly extend: boolean;
      readonly choose: boolean;
    }
  | { readonly at: "run"; readonly command: "open" | "rename" | "remove" | "menu" | "cut" | "clip" }
  | { readonly at: "toggle" | "extend" | "all" | "clear" | "up" | "undo" }
  | { readonly at: "type"; readonly text: string };

const moves: Readonly<Record<string, number | "page" | "-page" | "first" | "last">> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: "page",
  PageUp: "-page",
  Home: "first",
  End: "last",
};

/** Read a key that was pressed in the list; `onRow` when a row has the focus itself, and not a button in it. */
export function gridKey(event: KeyboardEvent, { onRow }: { readonly onRow: boolean }): GridKey | undefined {
  const { key, shiftKey } = event;
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.altKey) return key === "ArrowUp" ? { at: "up" } : undefined;
  const by = moves[key];
  if (by !== undefined) return { at: "move", by, extend: shiftKey, choose: !ctrl };
  if (ctrl) return ctrlKey(key.toLowerCase());
  if (key === "F2") return { at: "run", command: "rename" };
  if (key === "Delete") return { at: "run", command: "remove" };
  if (key === "ContextMenu" || (key === "F10" && shiftKey)) return { at: "run", command: "menu" };
  if (key === "Escape") return { at: "clear" };
  if (!onRow) return undefined;
  if (key === "Enter") return { at: "run", command: "open" };
  if (key === "Backspace") return { at: "up" };
  if (key === " ") return { at: shiftKey ? "extend" : "toggle" };
  return key.length === 1 ? { at: "type", text: key } : undefined;
}

function ctrlKey(key: string): GridKey | undefined {
  if (key === "a") return { at: "all" };
  if (key === "z") return { at: "undo" };
  if (key === "x") return { at: "run", command: "cut" };
  if (key === "c") return { at: "run", command: "clip" };
  return key === " " ? { at: "toggle" } : undefined;
}

/** The letters typed one after another, to go to what begins with them. */
export class TypedName {
  #typed = "";
  #last = 0;

  /** Add a letter at a time in milliseconds; a pause begins anew. */
  add(letter: string, now: number): string {
    this.#typed = now - this.#last > 800 ? letter : this.#typed + letter;
    this.#last = now;
    return this.#typed;
  }
}
