/** What is remembered of large files on their way, so that a run that was killed is continued: beside the journals of `put`. */

import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readJson, writeJson } from "@naru/client/node";
import type { PartDigest, StoredFile } from "@naru/core";

/** A part that was sent: its digests, as far as they are known, and what the target calls it. */
export interface SentPart extends Partial<PartDigest> {
  readonly number: number;
  readonly etag: string;
}

export interface CopyEntry {
  readonly upload: string;
  /** Of the file that is copied. */
  readonly etag: string;
  readonly size: number;
  readonly parts: readonly SentPart[];
}

/** Remembers uploads by the path of their file at the target. */
export interface CopyJournal {
  load(path: string): Promise<CopyEntry | undefined>;
  save(path: string, entry: CopyEntry): Promise<void>;
  forget(path: string): Promise<void>;
}

/** Keep the journal of a copy between two ends in `folder`. */
export function copyJournal(folder: string, ends: { readonly from: string; readonly to: string }): CopyJournal {
  const fileOf = (path: string): string => {
    const key = JSON.stringify(["copy", ends.from, ends.to, path]);
    return join(folder, `${createHash("sha256").update(key).digest("hex")}.json`);
  };
  return {
    load: async (path) => decodeEntry(await readJson(fileOf(path))),
    save: (path, entry) => writeJson(fileOf(path), entry),
    forget: (path) => rm(fileOf(path), { force: true }),
  };
}

/** Whether an entry is of this state of a file. */
export function isOf({ etag, size }: CopyEntry, file: StoredFile): boolean {
  return etag === file.etag && size === file.size;
}

function decodeEntry(value: unknown): CopyEntry | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("upload" in value && "etag" in value && "size" in value && "parts" in value)) return undefined;
  const { upload, etag, size, parts } = value;
  if (typeof upload !== "string" || typeof etag !== "string" || typeof size !== "number") return undefined;
  if (!Array.isArray(parts)) return undefined;
  return { upload, etag, size, parts: parts.flatMap((part: unknown) => decodePart(part)) };
}

function decodePart(value: unknown): readonly SentPart[] {
  if (typeof value !== "object" || value === null || !("number" in value && "etag" in value)) return [];
  const { number, etag } = value;
  if (typeof number !== "number" || typeof etag !== "string") return [];
  const md5 = "md5" in value && typeof value.md5 === "string" ? { md5: value.md5 } : {};
  const crc64 = "crc64" in value && typeof value.crc64 === "string" ? { crc64: value.crc64 } : {};
  return [{ number, etag, ...md5, ...crc64 }];
}
