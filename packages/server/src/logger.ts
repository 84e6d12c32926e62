/** The one file that meets pino. */

import { type Logger, pino } from "pino";

export type { Logger };

/** Make the server's log: one JSON line per event on standard output, without contents or secrets. */
export function makeLog(): Logger {
  return pino({
    name: "naru",
    redact: ["password", "token", "authorization", "cookie", "url", "*.password", "*.token", "*.authorization"],
  });
}

/** A log that says nothing, for tests and embedding. */
export function silentLog(): Logger {
  return pino({ level: "silent" });
}
