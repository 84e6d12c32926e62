/** Signs parts just before they travel; calls made in the same few milliseconds share one request. */

import { type Abortable, orAborted, type PartToSign, type SignedPart, TransferError } from "@naru/core";

export type SignMany = (parts: readonly PartToSign[]) => Promise<readonly SignedPart[]>;

interface Waiting {
  readonly part: PartToSign;
  readonly resolve: (signed: SignedPart) => void;
  readonly reject: (error: unknown) => void;
}

interface Prepared {
  readonly md5: string | undefined;
  readonly began: number;
  readonly signing: Promise<SignedPart>;
  isSettled: boolean;
}

const gatherMs = 3;
/** A signature that waited longer is not worth the doubt whether the store still takes it. */
const freshMs = 600_000;
/** An answer that takes longer may never come, as after a cut. */
const patienceMs = 2000;
const maxPartsPerCall = 1000;

/** Gathers what is asked for at nearly the same time. */
export class PresignQueue {
  readonly #signMany: SignMany;
  #waiting: Waiting[] = [];
  readonly #prepared = new Map<number, Prepared>();
  /** The first byte waits for the first signature; nobody else is there yet to be waited for. */
  #hasAsked = false;

  constructor(signMany: SignMany) {
    this.#signMany = signMany;
  }

  /** Sign a part that travels soon, so that `sign` need not wait. */
  prepare(part: PartToSign): void {
    const signing = this.#ask(part, {});
    const prepared = { md5: part.digest?.md5, began: performance.now(), signing, isSettled: false };
    const settle = (): void => {
      prepared.isSettled = true;
    };
    signing.then(settle, settle);
    this.#prepared.set(part.number, prepared);
  }

  /** Sign one part, together with whatever else is asked for now. A prepared signature is used once. */
  async sign(part: PartToSign, options: Abortable = {}): Promise<SignedPart> {
    const prepared = this.#prepared.get(part.number);
    this.#prepared.delete(part.number);
    if (prepared !== undefined && isUseful(prepared, part)) {
      const signed = await orAborted(prepared.signing, options).catch(() => undefined);
      if (signed !== undefined) return signed;
    }
    return this.#ask(part, options);
  }

  async #ask(part: PartToSign, { signal }: Abortable): Promise<SignedPart> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#waiting.push({ part, resolve, reject });
      if (this.#waiting.length > 1) return;
      // A timer of 0 ms takes several where threads are busy.
      if (this.#hasAsked) setTimeout(() => this.#flush(), gatherMs);
      else queueMicrotask(() => this.#flush());
      this.#hasAsked = true;
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

function isUseful({ md5, began, isSettled }: Prepared, { digest }: PartToSign): boolean {
  return md5 === digest?.md5 && performance.now() - began < (isSettled ? freshMs : patienceMs);
}
