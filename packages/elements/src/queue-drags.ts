import type { ReactiveControllerHost } from "lit";

const kind = "application/x-naru-queue";

/** Rows and groups that wait are dragged to another place in the queue. Whoever cannot drag has the menu of each. */
export class QueueDrags {
  readonly #host: ReactiveControllerHost;
  readonly #onMove: (unit: string, next: string | undefined) => void;
  #dragged: string | undefined;
  #over: HTMLElement | undefined;

  /** `onMove` is told what is dragged, and before what it was dropped. */
  constructor(host: ReactiveControllerHost, onMove: (unit: string, next: string | undefined) => void) {
    this.#host = host;
    this.#onMove = onMove;
  }

  readonly onStart = (event: DragEvent): void => {
    const row = rowOf(event);
    if (row?.draggable !== true || event.dataTransfer === null) return;
    this.#dragged = row.dataset["key"];
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData(kind, this.#dragged ?? "");
  };

  readonly onOver = (event: DragEvent): void => {
    const row = rowOf(event);
    if (this.#dragged === undefined || row?.draggable !== true) return;
    event.preventDefault();
    this.#mark(row, isBelow(row, event));
  };

  readonly onLeave = (): void => this.#mark(undefined);

  readonly onDrop = (event: DragEvent): void => {
    const row = rowOf(event);
    const unit = this.#dragged;
    if (unit === undefined || row?.draggable !== true) return;
    event.preventDefault();
    const next = isBelow(row, event) ? nextOf(row) : row;
    if (next?.dataset["key"] !== unit) this.#onMove(unit, next?.dataset["key"]);
    this.onEnd();
  };

  readonly onEnd = (): void => {
    this.#dragged = undefined;
    this.#mark(undefined);
    this.#host.requestUpdate();
  };

  #mark(row: HTMLElement | undefined, below = false): void {
    this.#over?.removeAttribute("data-drop");
    this.#over = row;
    row?.setAttribute("data-drop", below ? "below" : "above");
  }
}

function rowOf({ target }: DragEvent): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-key]") : null;
}

function isBelow(row: HTMLElement, { clientY }: DragEvent): boolean {
  const { top, height } = row.getBoundingClientRect();
  return clientY > top + height / 2;
}

/** The next one that waits, by where it stands. */
function nextOf(row: HTMLElement): HTMLElement | undefined {
  const top = (one: HTMLElement): number => one.getBoundingClientRect().top;
  const all = [...(row.parentElement?.querySelectorAll<HTMLElement>("[data-key][draggable=true]") ?? [])];
  return all.sort((a, b) => top(a) - top(b)).find((one) => top(one) > top(row));
}
