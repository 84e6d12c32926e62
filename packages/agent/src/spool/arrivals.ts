/** Bells that ring when a segment has come. */

interface Bell {
  readonly rung: Promise<void>;
  readonly ring: () => void;
}

/** One bell for each segment that somebody waits for. */
export class Arrivals {
  readonly #bells = new Map<number, Bell>();

  /** Wait until `ring` is called for this segment. */
  of(number: number): Promise<void> {
    const known = this.#bells.get(number);
    if (known !== undefined) return known.rung;
    let ring = (): void => undefined;
    const rung = new Promise<void>((resolve) => {
      ring = resolve;
    });
    this.#bells.set(number, { rung, ring });
    return rung;
  }

  ring(number: number): void {
    this.#bells.get(number)?.ring();
    this.#bells.delete(number);
  }
}
