/** The keys of SFTP servers that have proved to be theirs; kept in the journal. */

import type { AgentJournal } from "../journal.ts";
import type { SftpDestination } from "./destination.ts";

type Server = Pick<SftpDestination, "host" | "port">;

/** Tell the key that a server has proved last. */
export function knownKey(journal: AgentJournal, server: Server): string | undefined {
  const [row] = journal.all("SELECT value FROM settings WHERE name = ?", nameOf(server));
  return row === undefined ? undefined : String(row["value"]).replaceAll("=", "");
}

/** Remember the key that a server has just proved. */
export function rememberKey(journal: AgentJournal, server: Server, key: string): void {
  if (knownKey(journal, server) === key) return;
  journal.run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", nameOf(server), key);
}

function nameOf({ host, port }: Server): string {
  return `host-key ${host}:${port}`;
}
