/** What the user may set; kept in the journal. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { fields, GiB } from "@naru/core";
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

const { count, Fields, list, oneOf, positive, text } = fields;

const defaults: Settings = { atOnce: 3, spoolLimit: 50 * GiB };

/** Read the settings; what was never set, or cannot be read, is as we think best. */
export function readSettings(journal: AgentJournal): Settings {
  return { ...defaults, ...fieldsOf(writtenSettings(journal)).settings };
}

/** Take out of the settings what cannot be read; they are kept aside as they were, and the log tells. */
export function mendSettings(journal: AgentJournal, log: (line: string) => void): void {
  const written = writtenSettings(journal);
  const { settings, wrong } = fieldsOf(written);
  if (wrong.length === 0) return;
  const name = `settings.broken ${new Date().toISOString()}`;
  journal.run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, written);
  saveSettings(journal, { ...defaults, ...settings });
  for (const why of wrong) log(`${why}; it is as at first, and kept aside as "${name}" in the journal`);
}

function writtenSettings(journal: AgentJournal): string {
  const [row] = journal.all("SELECT value FROM settings WHERE name = 'settings'");
  return row === undefined ? "{}" : String(row["value"]);
}

/** Read field by field: one that is wrong takes no other with it. */
function fieldsOf(written: string): { readonly settings: Partial<Settings>; readonly wrong: readonly string[] } {
  const settings: Partial<Settings> = {};
  const wrong: string[] = [];
  const take = (read: () => void): void => {
    try {
      read();
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error));
    }
  };
  take(() => {
    const value = jsonOf(written);
    for (const [name, field] of Object.entries(value)) {
      take(() => Object.assign(settings, decodeSettings({ [name]: field }, "settings")));
    }
  });
  return { settings, wrong };
}

function jsonOf(written: string): object {
  try {
    const value: unknown = JSON.parse(written);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw fields.unreadable("settings", "they are not a JSON object");
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

/** Read settings to change; `null` takes a limit away. */
export function decodeSettings(value: unknown, what: string): Partial<Settings> {
  const from = new Fields(value, what, ["atOnce", "bytesPerSecond", "hours", "spoolLimit", "spoolFolder", "language"]);
  const given = new Set(Object.keys(Object(value)));
  const change: Record<string, unknown> = {};
  const take = (name: string, read: unknown): void => {
    if (given.has(name)) change[name] = read;
  };
  take("atOnce", from.maybe("atOnce", positive));
  take("bytesPerSecond", from.maybe("bytesPerSecond", positive));
  take("hours", from.maybe("hours", decodeHours));
  take("spoolLimit", from.maybe("spoolLimit", positive));
  take("spoolFolder", from.maybe("spoolFolder", text));
  take("language", from.maybe("language", oneOf(["ko", "en"])));
  for (const name of ["atOnce", "spoolLimit"]) if (change[name] === undefined) delete change[name];
  // Every field was read by its decoder above.
  return change as Partial<Settings>;
}

function decodeHours(value: unknown, what: string): Hours {
  const from = new Fields(value, what);
  return {
    from: from.read("from", minute),
    until: from.read("until", minute),
    days: from.read("days", list(count, 7)),
  };
}

function minute(value: unknown, what: string): number {
  const minutes = count(value, what);
  if (minutes >= 24 * 60) throw fields.unreadable(what, "a day has 1440 minutes");
  return minutes;
}
