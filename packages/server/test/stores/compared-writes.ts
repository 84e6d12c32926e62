import type { StoreProfile } from "../../src/stores/profiles/store-profile.ts";

/** Which writes a store of this profile compares in the same instant. */
export function comparedBy({ conditionalComplete, conditionalCreate }: StoreProfile): readonly ("complete" | "put")[] {
  const complete = conditionalComplete.is === "honoured" ? (["complete"] as const) : [];
  return conditionalCreate.is === "honoured" ? [...complete, "put"] : complete;
}
