import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

/** Rows beyond the screen that are drawn all the same, so that a scroll finds them there. */
const overscan = 12;
const guessedHeight = 46;

/** Which rows of a long table are on the screen. All rows are equally high; how high is measured. */
export class RowWindow implements ReactiveController {
  readonly #host: Host;
  #rowHeight = guessedHeight;
  #first = 0;
  #last = 40;
  #kept: { readonly row: HTMLElement; readonly top: number } | undefined;
  /** How many rows the table has. */
  count = 0;
  readonly #resized: ResizeObserver = new ResizeObserver(() => this.#look());

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // The scroller may be the page or anything around the element.
    document.addEventListener("scroll", this.#look, { capture: true, passive: true });
    window.addEventListener("resize", this.#look);
    this.#resized.observe(this.#host);
  }

  hostDisconnected(): void {
    document.removeEventListener("scroll", this.#look, { capture: true });
    window.removeEventListener("resize", this.#look);
    this.#resized.disconnect();
  }

  /** What is on the screen stays where it is at the next change, though rows come or go above. */
  keep(): void {
    for (const row of this.#host.renderRoot.querySelectorAll<HTMLElement>("tr[data-row]")) {
      const { bottom, top } = row.getBoundingClientRect();
      if (bottom <= this.#stuckHeight()) continue;
      this.#kept = { row, top };
      return;
    }
  }

  hostUpdated(): void {
    this.#holdKept();
    const row = this.#host.renderRoot.querySelector<HTMLElement>("tbody tr[data-row]");
    // A row in the middle of a list is as high as any; heights may be fractions.
    const height = row?.getBoundingClientRect().height ?? 0;
    if (height > 0 && Math.abs(height - this.#rowHeight) > 0.01) {
      this.#rowHeight = height;
      this.#host.requestUpdate();
    }
    this.#look();
  }

  /** The first row to draw, and the one after the last. */
  get range(): { readonly first: number; readonly end: number } {
    return { first: Math.min(this.#first, this.count), end: Math.min(this.#last + 1, this.count) };
  }

  /** How high the rows above and below those drawn are. */
  get padding(): { readonly above: number; readonly below: number } {
    const { first, end } = this.range;
    return { above: first * this.#rowHeight, below: (this.count - end) * this.#rowHeight };
  }

  /** How many rows a page is. */
  get pageSize(): number {
    return Math.max(1, Math.floor((window.innerHeight - 160) / this.#rowHeight) - 1);
  }

  /** Scroll so that a row is on the screen, below what sticks at its top. */
  reveal(index: number): void {
    const body = this.#host.renderRoot.querySelector("tbody");
    if (body === null) return;
    const top = body.getBoundingClientRect().top + index * this.#rowHeight;
    const stuck = this.#stuckHeight();
    const bottom = window.innerHeight - this.#rowHeight;
    const by = top < stuck ? top - stuck : top + this.#rowHeight > bottom ? top + this.#rowHeight - bottom : 0;
    if (by !== 0) scrollerOf(this.#host).scrollBy({ top: by, behavior: "instant" });
    this.#look();
  }

  /** Scroll to the beginning of the list, if it is above the screen. */
  toTop(): void {
    const { top } = this.#host.getBoundingClientRect();
    if (top < 0) scrollerOf(this.#host).scrollBy({ top, behavior: "instant" });
  }

  #holdKept(): void {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined || !kept.row.isConnected || this.#host.getBoundingClientRect().top >= 0) return;
    const by = kept.row.getBoundingClientRect().top - kept.top;
    if (by !== 0) scrollerOf(this.#host).scrollBy({ top: by, behavior: "instant" });
  }

  #stuckHeight(): number {
    const head = this.#host.renderRoot.querySelector("thead")?.getBoundingClientRect().height ?? 0;
    const bar = this.#host.renderRoot.querySelector(".bar")?.getBoundingClientRect().height ?? 0;
    return head + bar + 8;
  }

  readonly #look = (): void => {
    const body = this.#host.renderRoot.querySelector("tbody");
    if (body === null) return;
    const top = body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / this.#rowHeight));
    const last = Math.ceil((window.innerHeight - top) / this.#rowHeight);
    const isDrawn = first >= this.#first && Math.min(last, this.count - 1) <= this.#last;
    // A window that has shrunk far drops what it no longer shows.
    if (isDrawn && this.#last - this.#first <= last - first + 8 * overscan) return;
    this.#first = Math.max(0, first - overscan);
    this.#last = Math.max(0, last + overscan);
    this.#host.requestUpdate();
  };
}

function scrollerOf(element: HTMLElement): Element {
  for (let at: Node | null = element; at !== null; at = at instanceof ShadowRoot ? at.host : at.parentNode) {
    if (!(at instanceof HTMLElement)) continue;
    const { overflowY } = getComputedStyle(at);
    if ((overflowY === "auto" || overflowY === "scroll") && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement ?? document.documentElement;
}
