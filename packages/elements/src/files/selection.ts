import type { ListedEntry } from "./entry.ts";

/** Which entries of a list are chosen, and which one the keys move from. */
export class Selection {
  #chosen = new Set<string>();
  /** Where a range begins. */
  #anchor: string | undefined;
  /** The row that the keys move from. */
  active: string | undefined;

  get size(): number {
    return this.#chosen.size;
  }

  get paths(): ReadonlySet<string> {
    return this.#chosen;
  }

  has(path: string): boolean {
    return this.#chosen.has(path);
  }

  /** Choose this one alone. */
  only(path: string): void {
    this.#chosen = new Set([path]);
    this.#anchor = path;
    this.active = path;
  }

  /** Choose one more, or one less. */
  toggle(path: string): void {
    if (!this.#chosen.delete(path)) this.#chosen.add(path);
    this.#anchor = path;
    this.active = path;
  }

  /** Choose from where the range began to `path`; `keep` leaves what is chosen beside it. */
  extend(entries: readonly ListedEntry[], path: string, { keep = false }: { readonly keep?: boolean } = {}): void {
    const anchor = this.#anchor ?? this.active ?? path;
    const at = (wanted: string): number => entries.findIndex((entry) => entry.path === wanted);
    const [from, to] = [at(anchor), at(path)];
    if (!keep) this.#chosen = new Set();
    const range = from === -1 || to === -1 ? [{ path }] : entries.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of range) this.#chosen.add(one.path);
    this.#anchor = from === -1 ? path : anchor;
    this.active = path;
  }

  all(entries: readonly ListedEntry[]): void {
    this.#chosen = new Set(entries.map(({ path }) => path));
  }

  clear(): void {
    this.#chosen = new Set();
    this.#anchor = undefined;
  }

  /** What is gone is not chosen any more. */
  drop(paths: readonly string[]): void {
    for (const path of paths) this.#chosen.delete(path);
    if (this.#anchor !== undefined && paths.includes(this.#anchor)) this.#anchor = undefined;
    if (this.active !== undefined && paths.includes(this.active)) this.active = undefined;
  }
}
