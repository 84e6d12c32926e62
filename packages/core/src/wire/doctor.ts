/**
 * Messages about the examination of stores (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { type Decoded, flag, list, message, object, oneOf, optional, text, textOf } from "./schema.ts";

const wireCheck = message(
  "WireStoreCheck",
  "What was found out by one check.",
  object({
    id: text("The check: `reachability`, `rights`, `cors` and so on."),
    status: oneOf(["ok", "warning", "failure"], "Its result.", { otherwise: "warning" }),
    message: text("What was found."),
    fix: text("How to mend it: words, then a command on each further line. Empty when nothing needs it."),
  }),
);
export type WireStoreCheck = Decoded<typeof wireCheck>;

export const storeReport = message(
  "WireStoreReport",
  "The examination of the server's stores that is under way, or the last one.",
  object({
    running: flag("Whether it is under way."),
    began: optional(textOf("date-time", "When it began; absent when there was none yet.")),
    ended: optional(textOf("date-time", "When it ended.")),
    stores: list(
      object({
        mount: text("The folder at which the store is: `/`, or `/videos`."),
        profile: text("The name of the store's profile."),
        title: text("Names the store."),
        checks: list(wireCheck, "In the order in which they were made."),
      }),
      "Those that were examined so far.",
    ),
  }),
);
export type WireStoreReport = Decoded<typeof storeReport>;

/** Read the answer of `GET /api/doctor` and of `POST /api/doctor`. */
export const decodeStoreReport: Decoder<WireStoreReport> = decoder(storeReport);
