/** Lets acts go one after another; the next one does not care how the one before ended. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  take(act: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
