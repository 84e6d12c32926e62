/** What the user may set; kept in the journal. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { GiB } from "@naru/core";
import type { AgentJournal } from "./journal.ts";

export interface Hours {
  /** Minutes since midnight, local time; `until` may be before `from`, which means past midnight. */
  readonly from: number;
  readonly until: number;
  /** 0 is Sunday. */
  readonly days: readonly number[];
}

export interface Settings {
  /** Transfers at once, at most. */
  readonly atOnce: number;
  /** Of all transfers together; absent means no limit. */
  readonly bytesPerSecond?: number | undefined;
  /** Sending only in these hours; absent means always. */
  readonly hours?: Hours | undefined;
  /** Bytes that the spool may use, at most. */
  readonly spoolLimit: number;
  /** In which folder the spool's own folder is; absent means in the data folder. Read at start. */
  readonly spoolFolder?: string | undefined;
  readonly language?: "ko" | "en" | undefined;
}

const defaults: Settings = { atOnce: 3, spoolLimit: 50 * GiB };

/** Read the settings; what was never set is as we think best. */
export function readSettings(journal: AgentJournal): Settings {
  const [row] = journal.all("SELECT value FROM settings WHERE name = 'settings'");
  // Only `saveSettings` writes this row.
  return row === undefined ? defaults : { ...defaults, ...(JSON.parse(String(row["value"])) as Partial<Settings>) };
}

/** Name the spool's own folder: what else is in it is swept away, so it is never the user's folder itself. */
export function spoolFolder(dataDir: string, { spoolFolder: wish }: Settings): string {
  if (wish === undefined) return join(dataDir, "spool");
  const agent = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  return join(wish, `naru-agent-spool-${agent}`);
}

/** Keep the settings. */
export function saveSettings(journal: AgentJournal, settings: Settings): void {
  const sql = "INSERT OR REPLACE INTO settings (name, value) VALUES ('settings', ?)";
  journal.run(sql, JSON.stringify(settings));
}
