import type { Limits } from "@naru/core";
import { generic } from "../profiles/generic.ts";
import { profileAs, type Recognised } from "../profiles/recognised.ts";
import { limitsIn, type StoreProfile } from "../profiles/store-profile.ts";

/** How a store that was not named is recognised. */
export interface Recognition {
  /** What was found earlier: then nothing is asked. */
  readonly known?: Recognised | undefined;
  /** Called when it was asked and has answered. */
  readonly onRecognised?: ((recognised: Recognised) => void) | undefined;
}

export interface BucketFactsOptions {
  /** Which kind of store it is; without it, and without `recognition`, what is common to all. */
  readonly profile?: StoreProfile | undefined;
  /** Ask the store which it is, before the first upload. */
  readonly recognition?: Recognition | undefined;
  /** What differs from the profile's limits. */
  readonly limits?: Partial<Limits> | undefined;
  /**
   * Overwriting a file that was made of parts leaves them behind for ever, whatever the profile says: then the old file is
   * removed just before the new one is completed.
   */
  readonly leavesParts?: boolean | undefined;
}

/** A store that does not answer is not asked again with every call. */
const pauseMs = 5000;

/** What is known of the store of a bucket. One that was away when it was opened is recognised as soon as it answers. */
export class BucketFacts {
  readonly #options: BucketFactsOptions;
  readonly #ask: () => Promise<Recognised | undefined>;
  #profile: StoreProfile;
  #limits: Limits;
  #isKnown: boolean;
  #asked: { readonly since: number; readonly answer: Promise<void> } | undefined;

  /** `ask` is asked which store it is; it does not fail, and `undefined` means that there was no answer. */
  constructor(options: BucketFactsOptions, ask: () => Promise<Recognised | undefined>) {
    const { profile, recognition } = options;
    const known = recognition?.known && profileAs(recognition.known);
    this.#options = options;
    this.#ask = ask;
    this.#isKnown = profile !== undefined || known !== undefined || recognition === undefined;
    this.#profile = profile ?? known ?? generic;
    this.#limits = this.#limitsNow();
  }

  get profile(): StoreProfile {
    return this.#profile;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** Overwriting a file that was made of parts leaves them behind, where no call reaches them. */
  get leavesParts(): boolean {
    return this.#options.leavesParts ?? this.#profile.leavesParts.is;
  }

  /** Ask which store it is, if that is not known yet. It never fails: without an answer nothing changes. */
  async ready(): Promise<void> {
    if (this.#isKnown) return;
    const now = performance.now();
    if (this.#asked === undefined || now - this.#asked.since > pauseMs) {
      this.#asked = { since: now, answer: this.#recognise() };
    }
    await this.#asked.answer;
  }

  async #recognise(): Promise<void> {
    const recognised = await this.#ask();
    const profile = recognised && profileAs(recognised);
    if (recognised === undefined || profile === undefined) return;
    this.#isKnown = true;
    this.#profile = profile;
    this.#limits = this.#limitsNow();
    this.#options.recognition?.onRecognised?.(recognised);
  }

  #limitsNow(): Limits {
    return limitsIn(this.#profile, this.#options.limits);
  }
}
