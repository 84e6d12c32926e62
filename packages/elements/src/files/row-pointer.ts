/** What a press on a row asks for. */
export type RowPress =
  | { readonly at: "open" | "only" | "toggle" | "extend" | "extend-more" }
  | { readonly at: "action"; readonly action: string }
  | { readonly at: "none" };

const longPressMs = 500;
/** A finger that moves farther scrolls. */
const slackPx = 10;

/** Tell the path of the row that an event is in. */
export function rowOf(event: Event): string | undefined {
  const { target } = event;
  return target instanceof Element ? target.closest<HTMLElement>("tr[data-row]")?.dataset["row"] : undefined;
}

/** Read a click in a row. `choosing`: something is chosen, so that a finger chooses more. */
export function rowPress(event: MouseEvent, { choosing }: { readonly choosing: boolean }): RowPress {
  const { target } = event;
  if (!(target instanceof Element)) return { at: "none" };
  if (target.closest("td.pick") !== null) return { at: event.shiftKey ? "extend-more" : "toggle" };
  const action = target.closest<HTMLElement>("[data-action]")?.dataset["action"];
  const isModified = event.ctrlKey || event.metaKey || event.shiftKey;
  if (action !== undefined) return isModified && action === "download" ? { at: "none" } : { at: "action", action };
  if (event.shiftKey) return { at: event.ctrlKey || event.metaKey ? "extend-more" : "extend" };
  if (event.ctrlKey || event.metaKey) return { at: "toggle" };
  const isTouch = event instanceof PointerEvent && event.pointerType === "touch";
  if (isTouch && choosing) return { at: "toggle" };
  return { at: isTouch || target.closest("a.name") !== null ? "open" : "only" };
}

/** Hears a finger that stays on a row. */
export class LongPress {
  readonly #onPress: (path: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #from: { readonly x: number; readonly y: number } = { x: 0, y: 0 };
  /** The press was long: the click at its end means nothing more. */
  #isSpent = false;

  constructor(onPress: (path: string) => void) {
    this.#onPress = onPress;
  }

  readonly down = (event: Event): void => {
    this.#isSpent = false;
    this.cancel();
    const path = rowOf(event);
    if (!(event instanceof PointerEvent)) return;
    if (event.pointerType !== "touch" || path === undefined) return;
    this.#from = { x: event.clientX, y: event.clientY };
    this.#timer = setTimeout(() => {
      this.#isSpent = true;
      this.#onPress(path);
    }, longPressMs);
  };

  readonly move = (event: Event): void => {
    if (!(event instanceof PointerEvent)) return;
    if (Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > slackPx) this.cancel();
  };

  readonly cancel = (): void => clearTimeout(this.#timer);

  /** Whether an event only ends a long press. */
  spends(event: Event): boolean {
    if (!this.#isSpent) return false;
    event.preventDefault();
    if (event.type === "click") this.#isSpent = false;
    return true;
  }
}
