import type { Limits } from "@naru/core";
import { generic } from "../profiles/generic.ts";
import { limitsIn, type StoreProfile } from "../profiles/store-profile.ts";

/** Which store it is, and what it said of itself beyond its profile. */
export interface Recognised {
  readonly profile: StoreProfile;
  /** As its operator has set it. */
  readonly maxParts?: number | undefined;
}

export interface BucketFactsOptions {
  readonly profile?: StoreProfile | undefined;
  /** What differs from the profile's limits. */
  readonly limits?: Partial<Limits> | undefined;
  readonly leavesParts?: boolean | undefined;
  /** Asks which store it is, while that is not known; `undefined` when it does not answer. */
  readonly recognise?: (() => Promise<Recognised | undefined>) | undefined;
}

/** A store that does not answer is not asked again with every call. */
const pauseMs = 5000;

/** What is known of the store of a bucket. One that was away when it was opened is recognised as soon as it answers. */
export class BucketFacts {
  readonly #options: BucketFactsOptions;
  #known: Recognised;
  #limits: Limits;
  #asked: Promise<void> | undefined;
  #isSettled: boolean;

  constructor(options: BucketFactsOptions) {
    this.#options = options;
    this.#known = { profile: options.profile ?? generic };
    this.#limits = this.#merged();
    this.#isSettled = options.recognise === undefined;
  }

  get profile(): StoreProfile {
    return this.#known.profile;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** Overwriting a file that was made of parts leaves them behind, where no call reaches them. */
  get leavesParts(): boolean {
    return this.#options.leavesParts ?? this.profile.leavesParts.is;
  }

  /** Ask which store it is, if that is not known yet. It does not fail: then nothing is known more than before. */
  async ready(): Promise<void> {
    if (this.#isSettled) return;
    this.#asked ??= this.#ask();
    await this.#asked;
  }

  async #ask(): Promise<void> {
    const known = await this.#options.recognise?.();
    if (known === undefined) {
      setTimeout(() => {
        this.#asked = undefined;
      }, pauseMs).unref();
      return;
    }
    this.#known = known;
    this.#limits = this.#merged();
    this.#isSettled = true;
  }

  /** No file is larger than its parts together. */
  #merged(): Limits {
    const { profile, maxParts } = this.#known;
    const limits = { ...limitsIn(profile), ...(maxParts !== undefined && { maxParts }), ...this.#options.limits };
    const maxSize = Math.min(limits.maxSize, limits.maxParts * limits.maxPartSize);
    return { ...limits, maxSize };
  }
}
