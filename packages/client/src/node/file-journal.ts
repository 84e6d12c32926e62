/** What this machine remembers of a transfer: one small JSON file each, written whole or not at all. */

import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Enough to find an upload again, and to tell whether the file is still the one it was begun with. */
export interface JournalEntry {
  readonly upload: string;
  readonly file: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Remembers unfinished uploads by a key of the caller's. */
export interface FileJournal {
  load(key: string): Promise<JournalEntry | undefined>;
  save(key: string, entry: JournalEntry): Promise<void>;
  forget(key: string): Promise<void>;
}

/** Keep the journal in `folder`. */
export function fileJournal(folder: string): FileJournal {
  const fileOf = (key: string): string => join(folder, `${createHash("sha256").update(key).digest("hex")}.json`);
  return {
    load: async (key) => decodeEntry(await readJson(fileOf(key))),
    save: (key, entry) => writeJson(fileOf(key), entry),
    forget: (key) => rm(fileOf(key), { force: true }),
  };
}

/** Read a JSON file; a missing or torn one is `undefined`. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Write a JSON file so that a reader sees the old one or the new one. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(value), { mode: 0o600 });
  await rename(draft, file);
}

function decodeEntry(value: unknown): JournalEntry | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("upload" in value && "file" in value && "size" in value && "modifiedMs" in value)) return undefined;
  const { upload, file, size, modifiedMs } = value;
  if (typeof upload !== "string" || typeof file !== "string") return undefined;
  if (typeof size !== "number" || typeof modifiedMs !== "number") return undefined;
  return { upload, file, size, modifiedMs };
}
