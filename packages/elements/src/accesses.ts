import type { Access, BrowserAccess } from "@naru/client";

/** What may sign in for an account, by its kind. */
export interface Accesses {
  readonly agent: readonly Access[];
  readonly session: readonly BrowserAccess[];
  readonly token: readonly Access[];
}

/** What was used last stands first; the browser that asks before all. */
export function latestFirst<T extends Access & { readonly current?: boolean }>(accesses: readonly T[]): readonly T[] {
  return accesses.toSorted(
    (a, b) => Number(b.current ?? false) - Number(a.current ?? false) || b.used.localeCompare(a.used),
  );
}
