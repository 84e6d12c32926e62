/** The speed that transfers are held to, as this browser remembers it: the same in all its tabs. */

export const limitKey = "naru-limit";

/** Read the limit, in bytes per second. */
export function keptLimit(): number | undefined {
  try {
    const kept = Number(localStorage.getItem(limitKey));
    return Number.isSafeInteger(kept) && kept > 0 ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Remember the limit; `undefined` is none. */
export function keepLimit(bytesPerSecond: number | undefined): void {
  try {
    if (bytesPerSecond === undefined) localStorage.removeItem(limitKey);
    else localStorage.setItem(limitKey, String(Math.max(1, Math.round(bytesPerSecond))));
  } catch {
    // A page without storage has no limit to keep.
  }
}
