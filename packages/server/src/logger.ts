/** The one file that meets pino. */

import { type Logger, pino } from "pino";
import { withoutTokens } from "./without-tokens.ts";

export type { Logger };

/** Make the server's log: one JSON line per event on standard output, without contents or secrets. */
export function makeLog(): Logger {
  return pino({
    name: "naru",
    // Whatever writes an address: the token of a link opens what it is to.
    hooks: { streamWrite: withoutTokens },
    redact: ["password", "token", "authorization", "cookie", "url", "*.password", "*.token", "*.authorization"],
  });
}

/** A log that says nothing, for tests and embedding. */
export function silentLog(): Logger {
  return pino({ level: "silent" });
}
