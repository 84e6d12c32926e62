/** The agent's log: a line an event in a file of the data folder (0600), the last file kept beside it. */

import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { MiB } from "@naru/core";

const mostBytes = 5 * MiB;

/** Make the log of a data folder. A disk that takes no line stops nothing. */
export function agentLog(dataDir: string): (line: string) => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, "agent.log");
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > mostBytes) renameSync(file, `${file}.old`);
  return (line) => {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
    } catch {
      // Sending goes on.
    }
  };
}
