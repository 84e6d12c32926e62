/**
 * Calls over a connection on which answers come in any order: each has a number, and its answer says it.
 *
 * @module
 */

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** The calls of one connection that wait for their answers. */
export class Calls<Answer> {
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #last = 0;

  /** Have `send` send a call under a number, from 1 to 2^32 - 1, and wait for its answer; it fails with what `send` throws. */
  make(send: (id: number) => void): Promise<Answer> {
    this.#last = (this.#last % 0xffff_ffff) + 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      send(id);
    });
  }

  /** The answer of a call has come; one that nobody waits for is passed over. */
  answer(id: number, answer: Answer): void {
    this.#take(id)?.resolve(answer);
  }

  /** The answer says that the call failed. */
  fail(id: number, error: unknown): void {
    this.#take(id)?.reject(error);
  }

  /** No answer comes any more. */
  failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #take(id: number): Waiting<Answer> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
