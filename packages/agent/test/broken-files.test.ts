/** What the agent remembers, as a bad disk or a well-meaning hand leaves it. */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { GiB } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startAgent } from "../src/agent.ts";
import { AgentJournal } from "../src/journal.ts";
import type { Settings } from "../src/settings.ts";
import { type TempFolder, tempFolder } from "./stores/temp-folder.ts";

const ann = { origin: "https://a.example.com", user: "ann", token: "secret-of-ann", since: 1 };
let folder: TempFolder;
const lines: string[] = [];

beforeEach(async () => {
  folder = await tempFolder();
  await mkdir(dataDir());
  lines.length = 0;
});
afterEach(() => folder[Symbol.asyncDispose]());

const dataDir = (): string => join(folder.path, "data");
const serversFile = (): string => join(dataDir(), "paired-servers.json");

/** Start and end; tell what the agent knew. */
async function once(): Promise<{ readonly settings: Settings; readonly origins: readonly string[] }> {
  const log = (line: string): void => void lines.push(line);
  const agent = await startAgent({ dataDir: dataDir(), headless: true, log, pages: { ports: [0] } });
  const known = { settings: agent.transfers.settings, origins: agent.pages.servers.list().map(({ origin }) => origin) };
  await agent.close();
  return known;
}

function withJournal<T>(act: (journal: AgentJournal) => T): T {
  using journal = new AgentJournal(join(dataDir(), "agent.db"));
  return act(journal);
}

function writeSettings(text: string): void {
  const sql = "INSERT OR REPLACE INTO settings (name, value) VALUES ('settings', ?)";
  withJournal((journal) => journal.run(sql, text));
}

const aside = (): readonly unknown[] =>
  withJournal((journal) => journal.all("SELECT value FROM settings WHERE name LIKE 'settings.broken%'"));

test("settings that are no JSON are as at first, and kept aside", async () => {
  writeSettings("garbage");
  expect((await once()).settings).toEqual({ atOnce: 3, spoolLimit: 50 * GiB });
  expect(lines.join("\n")).toContain('Cannot read "settings"');
  expect(aside()).toEqual([{ value: "garbage" }]);
  lines.length = 0;
  await once();
  expect(lines.join("\n")).not.toContain("Cannot read");
});

test("a setting that is wrong takes no other with it", async () => {
  writeSettings(JSON.stringify({ atOnce: 7, hours: 5, spoolLimit: "much", language: "ko", bytesPerSecond: 1000 }));
  expect((await once()).settings).toEqual({ atOnce: 7, spoolLimit: 50 * GiB, language: "ko", bytesPerSecond: 1000 });
  for (const name of ["settings.hours", "settings.spoolLimit"]) expect(lines.join("\n")).toContain(name);
  expect(aside()).toHaveLength(1);
});

test("paired servers that cannot be read are kept aside, and the log has no piece of them", async () => {
  await writeFile(serversFile(), `secret ${JSON.stringify([ann])}`);
  expect((await once()).origins).toEqual([]);
  expect(await readFile(`${serversFile()}.broken`, "utf8")).toContain(ann.token);
  expect(lines.join("\n")).toContain("paired-servers.json.broken");
  expect(lines.join("\n")).not.toContain("secret");
  await writeFile(serversFile(), "{}");
  await once();
  expect((await readdir(dataDir())).filter((name) => name.includes(".broken"))).toHaveLength(2);
});

test("one paired server that cannot be read takes no other with it, nor does the next start", async () => {
  await writeFile(serversFile(), JSON.stringify([ann, { origin: "https://b.example.com" }]));
  expect((await once()).origins).toEqual([ann.origin]);
  expect(await readFile(`${serversFile()}.broken`, "utf8")).toContain("b.example.com");
  expect((await once()).origins).toEqual([ann.origin]);
});

test("a data folder that a newer agent wrote is refused in words, and stays as it is", async () => {
  withJournal(() => undefined);
  const open = (): DatabaseSync => new DatabaseSync(join(dataDir(), "agent.db"));
  const newer = open();
  newer.exec("PRAGMA user_version = 1000");
  newer.close();
  await expect(once()).rejects.toMatchObject({ code: "unsupported", message: expect.stringContaining("a newer Naru") });
  using after = open();
  expect(after.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1000 });
});
