/** Frees at the far side what cancelled transfers left there. */

import { abandon } from "./errand.ts";
import type { OpenStore } from "./open-store.ts";
import type { TransferEntry } from "./transfer-table.ts";

const patienceMs = 20_000;

/** The uploads that are being forgotten. */
export class Farewells {
  readonly #openStore: OpenStore;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(openStore: OpenStore) {
    this.#openStore = openStore;
  }

  /** Forget an upload; `ended` is told whether it is gone. It is one try: the next start makes another. */
  say({ to, upload }: TransferEntry, ended: (gone: boolean) => void): void {
    if (upload === undefined) return;
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(patienceMs)]);
    const work = abandon({ to, upload }, this.#openStore, { signal })
      .then(
        () => ended(true),
        () => ended(false),
      )
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#underWay);
  }
}
