/** The body of every answer that is not 2xx. */

import { failureCodes } from "../errors.ts";
import { type Decoded, either, flag, message, object, oneOf, type Schema, text } from "./schema.ts";

export const wireError = message(
  "WireError",
  "Why a call failed.",
  object({
    code: oneOf(failureCodes, "The reason, for programs. Newer servers may have more.", { otherwise: "internal" }),
    message: text("The reason, for people: what cannot be done to what, and why."),
    retryable: flag("Whether the same call may succeed if it is made again, unchanged."),
  }),
);
export type WireError = Decoded<typeof wireError>;

/** One result of a batch: what came of it, or why it failed. */
/* @__NO_SIDE_EFFECTS__ */
export function orError<T>(schema: Schema<T>): Schema<T | { readonly error: WireError }> {
  return either(object({ error: wireError }), schema);
}
