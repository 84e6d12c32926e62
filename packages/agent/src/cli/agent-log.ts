/** The agent's log: a line an event in a file of the data folder (0600), the last file kept beside it. */

import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { MiB } from "@naru/core";

const mostBytes = 5 * MiB;

/** Make the log of a data folder, no file of which grows beyond 5 MiB. A disk that takes no line stops nothing. */
export function agentLog(dataDir: string): (line: string) => void {
  const file = join(dataDir, "agent.log");
  return (line) => {
    const written = `${new Date().toISOString()} ${line}\n`;
    try {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      makeRoom(file, Buffer.byteLength(written));
      appendFileSync(file, written, { mode: 0o600 });
    } catch {
      // Sending goes on.
    }
  };
}

function makeRoom(file: string, bytes: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size + bytes > mostBytes) renameSync(file, `${file}.old`);
}
