/** Keeps the hours: says whether it is time to send, and when that changes. */

import type { Hours } from "../settings.ts";
import { isWithin, msToBoundary } from "./hours.ts";

/** The user's hours, with one timer to their next boundary. */
export class Schedule implements Disposable {
  readonly #hours: () => Hours | undefined;
  readonly #onChange: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(hours: () => Hours | undefined, onChange: () => void) {
    this.#hours = hours;
    this.#onChange = onChange;
  }

  get isOpen(): boolean {
    const hours = this.#hours();
    return hours === undefined || isWithin(hours, new Date());
  }

  /** Begin, or look at the hours anew when they were changed. */
  keep(): void {
    clearTimeout(this.#timer);
    const hours = this.#hours();
    if (hours !== undefined) this.#timer = setTimeout(() => this.keep(), msToBoundary(hours, new Date()));
    this.#onChange();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
