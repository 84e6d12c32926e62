/** What the user may set; kept in the journal. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Decoded, decoder, GiB, TransferError } from "@naru/core";
import { closed, list, nullable, object, oneOf, optional, text, whole } from "@naru/core/schema";
import type { AgentJournal } from "./journal.ts";

const minute = whole("Minutes since midnight, local time.", { maximum: 24 * 60 - 1 });
const hours = object({
  from: minute,
  // It may be before `from`, which means past midnight.
  until: minute,
  days: list(whole("0 is Sunday."), "Days of the week.", { maxItems: 7 }),
});
export type Hours = Decoded<typeof hours>;

/** Settings to change: `null` takes a limit away. */
export const settingsChange = closed({
  atOnce: optional(whole("Transfers at once, at most.", { minimum: 1 })),
  bytesPerSecond: optional(nullable(whole("Of all transfers together; absent means no limit.", { minimum: 1 }))),
  hours: optional(nullable(hours)),
  spoolLimit: optional(whole("Bytes that the spool may use, at most.", { minimum: 1 })),
  spoolFolder: optional(nullable(text("The folder of the spool's own; absent means the data folder. Read at start."))),
  language: optional(nullable(oneOf(["ko", "en"], "Of the window."))),
});
type Change = Decoded<typeof settingsChange>;

/** What the user has set. Without `hours`, transfers go at any time. */
export type Settings = { readonly [K in keyof Change]: Exclude<Change[K], null> } & {
  readonly atOnce: number;
  readonly spoolLimit: number;
};

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
      take(() => Object.assign(settings, changeOf(readChange({ [name]: field }, "settings"))));
    }
  });
  return { settings, wrong };
}

const readChange = decoder(settingsChange);

/** What a change sets, with `undefined` for what it takes away. */
export function changeOf(change: Change): Partial<Settings> {
  const entries = Object.entries(change).map(([name, value]) => [name, value ?? undefined]);
  // Only `null` is not as the settings have it, and it is gone.
  return Object.fromEntries(entries) as Partial<Settings>;
}

function jsonOf(written: string): object {
  try {
    const value: unknown = JSON.parse(written);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new TransferError("invalid", 'Cannot read "settings": they are not a JSON object');
}

/** Name the spool's own folder: what else is in it is swept away, so it is never the user's folder itself. */
export function spoolFolder(dataDir: string, { spoolFolder: wish }: Pick<Settings, "spoolFolder">): string {
  if (wish === undefined) return join(dataDir, "spool");
  const agent = createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
  return join(wish, `naru-agent-spool-${agent}`);
}

/** Keep the settings. */
export function saveSettings(journal: AgentJournal, settings: Settings): void {
  const sql = "INSERT OR REPLACE INTO settings (name, value) VALUES ('settings', ?)";
  journal.run(sql, JSON.stringify(settings));
}
