import type { ReactiveController, ReactiveControllerHost } from "lit";

type Host = ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };

interface Held {
  readonly element: Element;
  readonly key: string;
}

/** Keeps the focus in a list whose buttons come and go: in the row that had it, else in the list. */
export class RowFocus implements ReactiveController {
  readonly #host: Host;
  #held: Held | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const { renderRoot } = this.#host;
    const element = renderRoot instanceof ShadowRoot ? renderRoot.activeElement : null;
    const key = element?.closest<HTMLElement>("[data-key]")?.dataset["key"];
    this.#held = element === null || key === undefined ? undefined : { element, key };
  }

  hostUpdated(): void {
    const held = this.#held;
    if (held === undefined || held.element.isConnected) return;
    const { renderRoot } = this.#host;
    const button = renderRoot.querySelector<HTMLElement>(`[data-key="${CSS.escape(held.key)}"] button`);
    (button ?? renderRoot.querySelector<HTMLElement>("#rows"))?.focus({ preventScroll: true });
  }
}
