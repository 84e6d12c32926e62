/** Keeps the hours: says whether it is time to send, and when that changes. */

import type { Hours } from "../settings.ts";
import { isWithin, msToBoundary } from "./hours.ts";

/** A PC sleeps, and its clock is set: a timer alone would sleep through the boundary, or ring at another hour. */
const lookEveryMs = 30_000;

/** The user's hours, looked at on each of their boundaries, and in between. */
export class Schedule implements Disposable {
  readonly #hours: () => Hours | undefined;
  readonly #onChange: () => void;
  #timer: NodeJS.Timeout | undefined;
  #wasOpen = true;

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
    this.#wind();
    this.#wasOpen = this.isOpen;
    this.#onChange();
  }

  #wind(): void {
    clearTimeout(this.#timer);
    const hours = this.#hours();
    if (hours === undefined) return;
    this.#timer = setTimeout(() => this.#look(), Math.min(msToBoundary(hours, new Date()), lookEveryMs));
  }

  #look(): void {
    if (this.isOpen === this.#wasOpen) this.#wind();
    else this.keep();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
