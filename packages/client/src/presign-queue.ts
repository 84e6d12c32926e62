/** Signs parts just before they travel; calls made in the same few milliseconds share one request. */

import { type Abortable, type PartToSign, type SignedPart, TransferError } from "@naru/core";

export type SignMany = (parts: readonly PartToSign[]) => Promise<readonly SignedPart[]>;

interface Waiting {
  readonly part: PartToSign;
  readonly resolve: (signed: SignedPart) => void;
  readonly reject: (error: unknown) => void;
}

const gatherMs = 3;
const maxPartsPerCall = 1000;

/** Gathers what is asked for at nearly the same time. */
export class PresignQueue {
  readonly #signMany: SignMany;
  #waiting: Waiting[] = [];

  constructor(signMany: SignMany) {
    this.#signMany = signMany;
  }

  /** Sign one part, together with whatever else is asked for now. */
  async sign(part: PartToSign, { signal }: Abortable = {}): Promise<SignedPart> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      if (this.#waiting.length === 0) setTimeout(() => this.#flush(), gatherMs);
      this.#waiting.push({ part, resolve, reject });
    });
  }

  #flush(): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < all.length; start += maxPartsPerCall) {
      // Never rejects: every failure goes to the callers that wait.
      void this.#signTogether(all.slice(start, start + maxPartsPerCall));
    }
  }

  async #signTogether(waiting: readonly Waiting[]): Promise<void> {
    try {
      const signed = await this.#signMany(waiting.map(({ part }) => part));
      const byNumber = new Map(signed.map((one) => [one.part.number, one]));
      for (const { part, resolve, reject } of waiting) {
        const one = byNumber.get(part.number);
        if (one) resolve(one);
        else reject(new TransferError("internal", `Cannot sign part ${part.number}: the server left it out`));
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
