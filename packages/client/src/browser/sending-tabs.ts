/** Which other tabs send or receive at this time: those have their share of the limit. */

import type { TransferRow } from "./transfers.ts";

/** A tab tells of rows that move several times a second. */
const silentMs = 5000;

/** Counts them by what they tell of their rows. */
export class SendingTabs {
  /** When each last told of bytes on their way. */
  readonly #told = new Map<string, number>();

  note(tab: string, rows: readonly Pick<TransferRow, "state">[]): void {
    if (rows.some(({ state }) => state === "uploading" || state === "downloading")) this.#told.set(tab, Date.now());
  }

  get count(): number {
    const since = Date.now() - silentMs;
    let count = 0;
    for (const at of this.#told.values()) if (at >= since) count += 1;
    return count;
  }
}
