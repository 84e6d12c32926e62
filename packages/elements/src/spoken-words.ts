import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";

/** What was not asked for is said no more often. */
const quietMs = 10_000;

/**
 * What an element says aloud. Progress: one message in ten seconds, the newest. An answer to what somebody just did: at once. A
 * failure: at once, before what is being read.
 */
export class SpokenWords implements ReactiveController {
  readonly #host: Pick<ReactiveControllerHost, "addController" | "requestUpdate">;
  #polite = "";
  #urgent = "";
  #waiting: string | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Pick<ReactiveControllerHost, "addController" | "requestUpdate">) {
    this.#host = host;
    host.addController(this);
  }

  get polite(): string {
    return this.#polite;
  }

  get urgent(): string {
    return this.#urgent;
  }

  hostDisconnected(): void {
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    this.#waiting = undefined;
  }

  /** Say how things go, when it is time. */
  tell(words: string): void {
    if (this.#quiet === undefined) this.answer(words);
    else this.#waiting = words;
  }

  /** Say what came of what somebody did. */
  answer(words: string): void {
    this.#polite = anew(words, this.#polite);
    this.#rest();
    this.#host.requestUpdate();
  }

  /** Say what failed. */
  alarm(words: string): void {
    this.#urgent = anew(words, this.#urgent);
    this.#host.requestUpdate();
  }

  /** Draw what screen readers read. */
  regions(): TemplateResult {
    return html`<div class="unseen" role="status" aria-live="polite">${this.#polite}</div>
      <div class="unseen" aria-live="assertive" aria-atomic="true">${this.#urgent}</div>`;
  }

  #rest(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      const words = this.#waiting;
      this.#waiting = undefined;
      if (words !== undefined) this.answer(words);
    }, quietMs);
  }
}

/** The same words once more are read only when they differ from what stands there. */
function anew(words: string, before: string): string {
  return words === before ? `${words}\u00a0` : words;
}
