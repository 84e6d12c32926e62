/** Who may have how many connections: no page can take the places of the others. */

const mostInAll = 80;
const mostOfPaired = 32;
/** What is not paired only asks for that. */
const mostOfStranger = 4;
const mostOfStrangers = 16;

/** Counts the connections of pages by their origins. */
export class Admission {
  readonly #counts = new Map<string, number>();
  #strangers = 0;
  #all = 0;

  /** Let one more in; `undefined` when there are enough. Call what is returned when it ends. */
  enter(origin: string, { isPaired }: { readonly isPaired: boolean }): (() => void) | undefined {
    const count = this.#counts.get(origin) ?? 0;
    const isFull = isPaired
      ? count >= mostOfPaired || this.#all >= mostInAll
      : count >= mostOfStranger || this.#strangers >= mostOfStrangers;
    if (isFull) return undefined;
    this.#add(origin, isPaired, 1);
    return () => this.#add(origin, isPaired, -1);
  }

  #add(origin: string, isPaired: boolean, step: number): void {
    const count = (this.#counts.get(origin) ?? 0) + step;
    if (count === 0) this.#counts.delete(origin);
    else this.#counts.set(origin, count);
    this.#all += step;
    if (!isPaired) this.#strangers += step;
  }
}
