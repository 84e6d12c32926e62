/**
 * Digests of parts, computed just ahead of their sending.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import type { DigestPart } from "./engine.ts";
import type { Abortable, Part, PartDigest, Source } from "./store.ts";

/** As many as are hashed side by side (`lanes/`). */
const atOnce = 8;

/** What is hashed before it is asked for. */
export interface AheadOptions extends Abortable {
  /** Called when one more digest is known. */
  readonly onKnown?: (() => void) | undefined;
}

/** Computes each part's digest once and remembers it. */
export class HashAhead {
  readonly #source: Source;
  readonly #digest: DigestPart | undefined;
  #wanted: { readonly parts: readonly Part[]; readonly options: AheadOptions } | undefined;
  readonly #known = new Map<number, PartDigest>();
  readonly #underWay = new Map<number, Promise<PartDigest>>();
  /** Those that could not be computed: not tried again before they are asked for, as the file may be gone. */
  readonly #failed = new Set<number>();

  constructor(source: Source, digest: DigestPart | undefined) {
    this.#source = source;
    this.#digest = digest;
  }

  /** Digests by part number, as far as they are known. */
  get known(): ReadonlyMap<number, PartDigest> {
    return this.#known;
  }

  /** Get a part's digest; `undefined` if nobody can compute it. */
  async of(part: Part, options: Abortable): Promise<PartDigest | undefined> {
    if (this.#digest === undefined) return undefined;
    return this.#known.get(part.number) ?? (await orAborted(this.#begin(part, this.#digest, options), options));
  }

  /** Begin with these parts, as far as there is room. */
  ahead(parts: readonly Part[], options: AheadOptions): void {
    this.#wanted = { parts, options };
    if (this.#digest === undefined) return;
    // Until the first ones are there, those that are waited for have all the speed.
    if (this.#known.size === 0 && this.#underWay.size > 0) return;
    for (const part of parts) {
      if (this.#underWay.size >= atOnce) return;
      if (this.#known.has(part.number) || this.#failed.has(part.number)) continue;
      // Whoever asks for the digest meets the failure.
      this.#begin(part, this.#digest, options).catch(() => undefined);
    }
  }

  /** Compute this digest anew the next time. */
  forget(part: Part): void {
    this.#known.delete(part.number);
  }

  /** Drop what is under way, as when its signal has aborted. */
  drop(): void {
    this.#wanted = undefined;
    this.#underWay.clear();
  }

  /** Forget everything, as when the plan has changed. */
  clear(): void {
    this.#known.clear();
    this.#failed.clear();
    this.drop();
  }

  #begin(part: Part, digest: DigestPart, options: Abortable): Promise<PartDigest> {
    const begun = this.#underWay.get(part.number);
    if (begun !== undefined) return begun;
    const computing = digest(this.#source.slice(part.offset, part.offset + part.size), options).then((computed) => {
      if (this.#underWay.get(part.number) !== computing) return computed;
      this.#failed.delete(part.number);
      this.#known.set(part.number, computed);
      this.#wanted?.options.onKnown?.();
      return computed;
    });
    const leave = (): void => {
      if (this.#underWay.get(part.number) !== computing) return;
      this.#underWay.delete(part.number);
      if (this.#wanted !== undefined && !this.#wanted.options.signal?.aborted)
        this.ahead(this.#wanted.parts, this.#wanted.options);
    };
    const fail = (): void => {
      if (this.#underWay.get(part.number) === computing) this.#failed.add(part.number);
      leave();
    };
    this.#underWay.set(part.number, computing);
    computing.then(leave, fail);
    return computing;
  }
}
