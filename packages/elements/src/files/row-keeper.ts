import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };

/** Keeps the focus in the table when the row that has it scrolls away or goes. */
export class RowKeeper implements ReactiveController {
  readonly #host: Host;
  #held: Element | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const { renderRoot } = this.#host;
    const focused = renderRoot instanceof ShadowRoot ? renderRoot.activeElement : null;
    this.#held = focused?.closest("tbody") == null ? undefined : focused;
  }

  hostUpdated(): void {
    if (this.#held === undefined || this.#held.isConnected) return;
    this.#held = undefined;
    this.#host.renderRoot.querySelector("table")?.focus({ preventScroll: true });
  }

  /** Put the focus on a row, or on what `within` finds in it; false where the row is not drawn. */
  focus(path: string, within?: string): boolean {
    const row = this.#host.renderRoot.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(path)}"]`);
    const wanted = within === undefined ? row : (row?.querySelector<HTMLElement>(within) ?? row);
    wanted?.focus({ preventScroll: true });
    return wanted !== null && wanted !== undefined;
  }
}
