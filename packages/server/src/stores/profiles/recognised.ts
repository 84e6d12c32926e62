import { profiles } from "./profiles.ts";
import { fact, type StoreProfile } from "./store-profile.ts";

/** Which store was found, and what it said of itself beyond its profile. */
export interface Recognised {
  /** Of its profile. */
  readonly name: string;
  /** As its operator has set it. */
  readonly maxParts?: number | undefined;
  /** When it turned out to know only the older call. */
  readonly listing?: "v1" | undefined;
}

const asked = "asked: of this store";

/** The profile of a store that was found, with what it said of itself; `undefined` for a name that is no profile's. */
export function profileAs({ name, maxParts, listing }: Recognised): StoreProfile | undefined {
  const profile = profiles.find((one) => one.name === name);
  if (profile === undefined) return undefined;
  const limits = maxParts === undefined ? profile.limits : { ...profile.limits, maxParts: fact(maxParts, asked) };
  return { ...profile, limits, ...(listing !== undefined && { listing: fact(listing, asked) }) };
}

/** Read what was kept of a store that was found; `undefined` if it is not that. */
export function decodeRecognised(value: unknown): Recognised | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, maxParts, listing }: Partial<Record<keyof Recognised, unknown>> = value;
  const isCount = typeof maxParts === "number" && Number.isSafeInteger(maxParts) && maxParts > 0;
  if (typeof name !== "string" || !profiles.some((one) => one.name === name)) return undefined;
  return { name, maxParts: isCount ? maxParts : undefined, listing: listing === "v1" ? "v1" : undefined };
}
